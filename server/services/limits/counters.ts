import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Sequelize } from "sequelize";
import type { Logger } from "../../logger.ts";

/** `points` in a window of `seconds`, which begins with the first of them. */
export interface LimitRule {
  name: string;
  points: number;
  seconds: number;
}

/** What is counted in the window, with what was just added, and the seconds until it ends. */
export interface Count {
  count: number;
  seconds: number;
}

/** Counts for one rule, by key. */
export interface Counter {
  add(key: string, points: number): Promise<Count>;
  /** Counts as used up for so many seconds. */
  block(key: string, seconds: number): Promise<void>;
  takeBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

/** Where counts are kept; another store, such as Redis, is another of these. */
export type MakeCounter = (rule: LimitRule) => Counter;

type Limiter = RateLimiterMemory | RateLimiterPostgres;

const MAX_SECONDS = 2_147_483;

/** A limiter as counter. A block counts as so much that every rule is used up by it. */
function counterOf(limiter: Limiter): Counter {
  const countOf = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Count => ({
    // A key that is blocked in memory has no figure.
    count: consumedPoints || Number.MAX_SAFE_INTEGER,
    seconds: Math.max(0, msBeforeNext) / 1000,
  });
  return {
    add: (key, points) =>
      limiter.consume(key, points).then(countOf, (refused: unknown) => {
        if (refused instanceof RateLimiterRes) return countOf(refused);
        throw refused;
      }),
    block: async (key, seconds) => void (await limiter.block(key, Math.min(seconds, MAX_SECONDS))),
    takeBack: async (key) => void (await limiter.reward(key, 1)),
    forget: async (key) => void (await limiter.delete(key)),
  };
}

const optionsOf = ({ name, points, seconds }: LimitRule) => ({
  keyPrefix: name,
  points,
  duration: Math.min(seconds, MAX_SECONDS),
});

/** Counts of this process alone. */
export const countersInMemory: MakeCounter = (rule) => counterOf(new RateLimiterMemory(optionsOf(rule)));

/** An answer of the database that takes longer is not waited for. */
const PATIENCE_MS = 1000;
/** After a failure the database is left alone for so long. */
const REST_MS = 3000;

async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new Error("The counts take too long"));
  // Where the process itself stood still for so long, an answer that came meanwhile is read before.
  const timer = setTimeout(() => setImmediate(giveUp), patienceMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Counts of all replicas together, in the table `rate_limits`. What is blocked is known in memory and doesn't reach the
 * database again. While the database is away each process counts for itself.
 */
export function countersInPostgres({
  sequelize,
  logger,
  patienceMs = PATIENCE_MS,
}: {
  sequelize: Sequelize;
  logger: Pick<Logger, "warn">;
  patienceMs?: number;
}): MakeCounter {
  let restsUntil = 0;
  let sweeps = true;
  return (rule) => {
    const shared = counterOf(
      new RateLimiterPostgres({
        ...optionsOf(rule),
        storeClient: sequelize,
        storeType: "sequelize",
        tableName: "rate_limits",
        tableCreated: true,
        // The first one that is refused may get another wait than the window's rest.
        inMemoryBlockOnConsumed: rule.points + 2,
        clearExpiredByTimeout: sweeps,
      }),
    );
    sweeps = false;
    const own = countersInMemory(rule);
    const first = async <T>(use: (counter: Counter) => Promise<T>): Promise<T> => {
      if (performance.now() < restsUntil) return use(own);
      try {
        return await inTime(use(shared), patienceMs);
      } catch (error) {
        if (performance.now() >= restsUntil)
          logger.warn("Requests are counted in this process only", { error });
        restsUntil = performance.now() + REST_MS;
        return use(own);
      }
    };
    return {
      add: (key, points) => first((counter) => counter.add(key, points)),
      block: (key, seconds) => first((counter) => counter.block(key, seconds)),
      takeBack: (key) => first((counter) => counter.takeBack(key)),
      forget: (key) => first((counter) => counter.forget(key)),
    };
  };
}
