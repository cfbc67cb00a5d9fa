import type { Replica } from "./replica.ts";

/** Moments at which a server is killed. */
export const POINTS = [
  "after accept",
  "after claim",
  "before POST",
  "POST in flight",
  "after answer, before save",
  "answer only in the journal",
  "while polling",
  "mid download",
  "before publish",
  "after publish",
  "while starting",
  "random",
  "callback arrives",
  "after callback",
] as const;
export type Point = (typeof POINTS)[number];

/** Of these points somebody passes only where the provider can call the servers. */
export const CALLBACK_POINTS: readonly Point[] = ["callback arrives", "after callback"];

/** What a point knows of the generation that it hits; the database knows the others that the server worked on. */
export interface Target {
  generationId?: string;
  remoteId?: string;
}

export interface Kill extends Target {
  point: Point;
  replica: Replica;
  /** Name of the process that was killed, as the database knows it. */
  writer: string;
  /** Unix time, milliseconds. */
  at: number;
  /** When the replica was ready again, Unix time in milliseconds. */
  readyAt: Promise<number>;
}
