import type { NetworkView, ParamValues, Preset, ProviderId } from "../contract/provider.ts";
import type { ErrorCode } from "../errors.ts";
import type { Fault } from "./retry-table.ts";

/** A network as the catalogue knows it: the public view and what only the provider needs. */
export interface Network extends Omit<NetworkView, "prices"> {
  provider: ProviderId;
  /** What one model is thought to cost before any cost is known; 0 where it is free, null where nothing is known. */
  guessedRoubles: number | null;
  /** What the operator says that one model costs, by preset or for `any`. */
  setRoubles?: Partial<Record<Preset | "any", number>>;
  /** Name of the multipart part that carries the photo; unused by the local provider. */
  photoField: string;
  /** How long a generation may take before it is given up, seconds. */
  deadlineSeconds: number;
}

export interface SubmitInput {
  generationId: string;
  network: Network;
  params: ParamValues;
  photo: { path: string; mediaType: string; sha256: string };
  /** Where the provider may call when it is done; null without a public URL. */
  callbackUrl: string | null;
  /** An empty folder of this attempt, for a provider that makes its result here. */
  workspace: string;
}

export interface SubmitHooks {
  signal: AbortSignal;
  /** Percentage 0 to 100. */
  onProgress(percent: number): void;
}

/** Where the finished bytes are, what they cost (roubles) and what the provider says about them. */
export interface ProviderResult {
  location: { kind: "url"; url: string } | { kind: "file"; path: string };
  costRoubles: number | null;
  report: Record<string, unknown>;
}

/** What went wrong between us and the provider; absent where it was not asked, or answered well. */
interface Faulty {
  fault?: Fault;
}

/**
 * What became of a submit. `unsent` (proven) and `refused` (definite) cost nothing; `unknown` means that the
 * provider may have accepted it, so it must never be sent again without a person's consent.
 */
export type SubmitOutcome =
  | { kind: "accepted"; remoteId: string }
  | { kind: "finished"; remoteId: string | null; result: ProviderResult }
  | ({ kind: "refused"; code: ErrorCode; message: string; retryable: boolean } & Faulty)
  | ({ kind: "unsent"; code: ErrorCode; message: string; retryAfterSeconds: number | null } & Faulty)
  | ({ kind: "back-off"; code: ErrorCode; message: string; retryAfterSeconds: number | null } & Faulty)
  | ({ kind: "unknown"; message: string } & Faulty);

export type PollOutcome =
  | { kind: "running"; percent: number | null; retryAfterSeconds: number | null }
  | { kind: "finished"; result: ProviderResult }
  /** Done, but the address of the result isn't there: it may come, or never. */
  | { kind: "result-missing"; percent: number | null; message: string }
  | { kind: "failed"; code: ErrorCode; message: string; retryable: boolean; costRoubles: number | null }
  | ({ kind: "unreachable"; message: string; retryAfterSeconds: number | null } & Faulty);

/**
 * Something that makes a model from a photo. Neither method throws for what the outside world does; they throw
 * only when `signal` aborts (its reason) or on a bug.
 */
export interface Provider {
  readonly id: ProviderId;
  /** Whether it works for everybody; else only for those who bring a key of their own. */
  readonly isOpen: boolean;
  /** How many generations one process runs at once. */
  readonly concurrency: number;
  /** True where a repeated submit costs nothing, so that a lost one simply runs again. */
  readonly isFree: boolean;
  submit(input: SubmitInput, hooks: SubmitHooks): Promise<SubmitOutcome>;
  poll(remoteId: string, network: Network, signal: AbortSignal): Promise<PollOutcome>;
  /**
   * Roubles, at most so old (usually a minute); null where the provider has no such thing. Throws an AppError
   * `provider-…` when it cannot be asked.
   */
  balance(signal: AbortSignal, maxAgeSeconds?: number): Promise<number | null>;
  /** The same provider paid by another key; absent where nothing is paid. */
  withKey?(apiKey: string): Provider;
  /** Asks something that costs nothing, only to see whether the provider is there; null when it is. */
  check(signal: AbortSignal): Promise<Fault | null>;
  dispose(): Promise<void>;
}
