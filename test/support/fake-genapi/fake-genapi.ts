import type { IncomingMessage } from "node:http";
import type { Behaviour } from "./behaviour.ts";
import type { BehaviourName } from "./behaviours.ts";
import type { FakeGeneration } from "./steps.ts";

/** An account at the fake; without money its create calls answer 402. */
export interface FakeAccount {
  balance: number | string;
}

export interface FakeGenapiOptions {
  /** The finished model; default a textured vase made in code. */
  glb?: Buffer;
  /** Port of the API; default any free one. */
  port?: number;
  key?: string;
  balance?: number | string;
}

/** One request as the fake saw it; `authorized` says whether it carried a key of any account. */
export interface SeenRequest {
  host: "api" | "files";
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  authorized: boolean;
}

export interface FakeGenapi extends AsyncDisposable {
  /** Origin of the API; `${url}/api/v1` is what GENAPI_BASE_URL wants. */
  readonly url: string;
  /** Origin of the file host, another port. */
  readonly fileUrl: string;
  readonly key: string;
  /** Every account by its key, the one of `key` first; tests add, change and remove them. */
  readonly accounts: Map<string, FakeAccount>;
  readonly requests: readonly SeenRequest[];
  /** What the coming create calls meet, one after the other; the last one stays. */
  script(...behaviours: (BehaviourName | Behaviour)[]): void;
  /** Accepted, so paid, create calls in their order. */
  creates(): readonly FakeGeneration[];
  /** Accepted create calls by the SHA-256 of the uploaded bytes. */
  createsPerPhoto(): ReadonlyMap<string, number>;
  /** Requests to the file host that carried the key; must stay empty. */
  keyLeaks(): readonly SeenRequest[];
  /** Stops it, cutting open connections. Throws when the key ever reached the file host. */
  dispose(): Promise<void>;
}
