import { BaseError } from "sequelize";
import { isDatabaseAway } from "../../database/database-away.ts";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import { COMMIT_SECONDS, createLastWrites } from "./last-writes.ts";
import { type Replica, watchReplica } from "./replica.ts";

/** Why a read went to the primary, or `replica`. */
export type ReadTarget = "replica" | "own-write" | "behind" | "away" | "failed";

/** Where lists, searches and figures are read: things that may be some seconds old, but never older than the asker's. */
export interface Reads {
  /**
   * Runs a read on the replica, else on the primary: where the replica is away or too far behind, fails, or lacks what
   * `userId` wrote. `work` may run twice and must only read. Rejects with what `work` throws on the primary.
   */
  read<T>(userId: string | null, work: (records: Records) => Promise<T>): Promise<T>;
  /** To be called when a change of this user's is committed, before its answer; null where there is no replica. */
  noteWrite: ((userId: string) => Promise<void>) | null;
  /** Null where there is none. */
  replica: Replica | null;
  /** Hears of every read while there is a replica. */
  watch(listener: (target: ReadTarget) => void): void;
}

/** Everything from the primary. */
export const primaryReads = (records: Records): Reads => ({
  read: (_userId, work) => work(records),
  noteWrite: null,
  replica: null,
  watch: () => undefined,
});

interface Options {
  records: Records;
  /** The same over connections to the replica at this address; called once. */
  open: (url: string) => Records;
  replica: { url: string; maxLagSeconds: number };
  logger: Pick<Logger, "info" | "warn">;
}

/** So long an answer to a change waits at most; what was changed is committed. */
const NOTE_MS = 2000;

/** The caller disposes `replica` and what `open` opened. */
export function createReads({
  records,
  open,
  replica: given,
  logger,
}: Options): Reads & { replica: Replica } {
  const replica = watchReplica({ primary: records.sequelize, ...given, logger });
  const writes = createLastWrites(records.sequelize, given.maxLagSeconds);
  let standby: Records | null = null;
  const listeners: ((target: ReadTarget) => void)[] = [];
  /** Users whose last write could not be noted, and until when they read from the primary here. */
  const unnoted = new Map<string, number>();

  async function choose(userId: string | null): Promise<ReadTarget> {
    const state = replica.state();
    if (state !== "fresh") return state === "behind" ? "behind" : "away";
    if (userId === null) return "replica";
    if ((unnoted.get(userId) ?? 0) > performance.now()) return "own-write";
    unnoted.delete(userId);
    const floor = await writes.floorOf(userId);
    return !floor.isUnsure && (await replica.shows(floor.lsn)) ? "replica" : "own-write";
  }

  const noteTwice = (userId: string) => writes.note(userId).catch(() => writes.note(userId));

  async function readFrom<T>(work: (records: Records) => Promise<T>): Promise<{ value: T } | null> {
    try {
      // It is fresh, so it was reached.
      standby ??= open(replica.url()!);
      const value = await work(standby);
      replica.noteRead();
      return { value };
    } catch (error) {
      // A standby may also cancel a statement that is in the way of the log, or not have a new table yet.
      if (!(error instanceof BaseError)) throw error;
      if (isDatabaseAway(error)) replica.noteRead(error);
      return null;
    }
  }

  return {
    replica,
    watch: (listener) => void listeners.push(listener),
    async read(userId, work) {
      const target = await choose(userId);
      const found = target === "replica" ? await readFrom(work) : null;
      const became = target === "replica" && !found ? "failed" : target;
      for (const listener of listeners) listener(became);
      return found ? found.value : work(records);
    },
    async noteWrite(userId) {
      const limit = Promise.withResolvers<never>();
      const timer = setTimeout(() => limit.reject(new Error("The database does not answer")), NOTE_MS);
      try {
        await Promise.race([noteTwice(userId), limit.promise]);
      } catch (error) {
        unnoted.set(userId, performance.now() + (given.maxLagSeconds + COMMIT_SECONDS) * 1000);
        logger.warn("It could not be noted that a user has written; lists may be late", { error });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
