import type { downloadGuarded } from "../assets/download.ts";
import type { ModelProcessor } from "../assets/glb.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Notices } from "../queue/notices.ts";
import type { Queue } from "../queue/queue.ts";
import type { ProviderDirectory } from "../services/providers.ts";
import type { Storage } from "../storage/storage.ts";
import type { Tracer } from "../tracing.ts";
import type { AnswerJournal } from "./answer-journal.ts";
import type { PollPlan } from "./poll-plan.ts";

/** Pauses of the jobs that wait for a provider, seconds. */
export interface Pace {
  firstPoll: number;
  shortestPoll: number;
  longestPoll: number;
  /** Shortest pause between two looks for due polls. */
  betweenLooks: number;
  /** How long a provider may call work done without saying where the result is. */
  missingResult: number;
  /** Without any answer of a provider for so long, its overdue work ends unasked. */
  silence: number;
  /** Factor of the retry table's pauses. */
  patience: number;
  /** How long nothing is sent to a provider that has no money or refuses the key. */
  pause: number;
}

/** As other clients of GenAPI do. */
export const USUAL_PACE: Pace = {
  firstPoll: 2,
  shortestPoll: 3,
  longestPoll: 10,
  betweenLooks: 0.5,
  missingResult: 300,
  silence: 60,
  patience: 1,
  pause: 300,
};

/** What job handlers use. */
export interface JobDeps {
  records: Records;
  storage: Storage;
  queue: Queue;
  notices: Pick<Notices, "subscribe">;
  directory: ProviderDirectory;
  processor: ModelProcessor;
  logger: Logger;
  pace: Pace;
  polls: PollPlan;
  /** Null where no traces are sent. */
  tracer: Tracer | null;
  journal: AnswerJournal;
  /** What GenAPI's callbacks begin with; null where it can't reach us. */
  callbackBase: string | null;
  /** Fetches a result into a file, with all the guards. */
  download: (url: string, targetPath: string, signal: AbortSignal) => ReturnType<typeof downloadGuarded>;
  /** Whether nothing is begun for now: what has begun goes on, what waits is taken up afterwards. */
  isHeld: () => boolean;
  /** Whether nothing at all may be touched: a backup is being restored, or waits for a decision. */
  isFrozen: () => boolean;
  /** Aborts when the process stops: free work is given back, paid work is waited for. */
  stopping: AbortSignal;
}
