import type { ProviderId } from "../contract/provider.ts";
import type { Logger } from "../logger.ts";
import type { BreakerState } from "../models/provider-limits.ts";
import { reportOutcomes } from "../models/provider-outcomes.ts";
import type { Records } from "../models/records.ts";
import { type Call, type Fault, RETRY_TABLE } from "../providers/retry-table.ts";

export interface ReportDeps {
  records: Pick<Records, "sequelize">;
  logger: Pick<Logger, "warn">;
  /** Factor of all pauses, for tests that hurry. */
  patience: number;
}

interface Ended {
  call: Call;
  /** Null where the provider did what it was asked. */
  fault: Fault | null;
  retryAfterSeconds: number | null;
  startedAt: number;
}

/** Good news of a closed breaker waits so long for more of it, so that thousands of polls cost few writes. */
const GOOD_NEWS_MS = 500;

/** Successes that are not written yet. */
const NO_NEWS = { count: 0, startedAt: 0, hasCreate: false };

/** It may be paid and nobody knows, or the provider could not be reached for it. */
const isBadCreate = ({ call, fault }: Ended) =>
  call === "submit" &&
  fault !== null &&
  (RETRY_TABLE.submit[fault].again === "by-person" || RETRY_TABLE.submit[fault].countsAsDown);

/**
 * Tells all replicas how requests to a provider ended: bad news at once, good news in groups. A report that can't be
 * written is lost: the next one says the same. `flush` writes what is left.
 */
export function createReporter(provider: ProviderId, { records, logger, patience }: ReportDeps) {
  let known: BreakerState = "closed";
  let good = NO_NEWS;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  async function write(failures: number, ended: Ended | null): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const { count: successes, startedAt, hasCreate } = good;
    good = NO_NEWS;
    const last = Math.max(startedAt, ended?.startedAt ?? 0);
    const isThrottled = ended?.fault === "throttled";
    const { call, retryAfterSeconds } = ended ?? { call: "poll" as const, retryAfterSeconds: null };
    try {
      const state = await reportOutcomes(records, provider, {
        successes,
        failures,
        fault: ended?.fault ?? undefined,
        create: ended && isBadCreate(ended) ? "badly" : hasCreate ? "well" : undefined,
        begunSecondsAgo: (performance.now() - last) / 1000,
        waitSeconds: isThrottled ? (retryAfterSeconds ?? RETRY_TABLE[call].throttled.base * patience) : 0,
      });
      if (state !== known) logger.warn("The circuit breaker changed", { provider, state });
      known = state;
    } catch (error) {
      logger.warn("The end of a request could not be reported", { provider, error });
    }
  }

  const flush = () => {
    writing = writing.then(() => (good.count > 0 ? write(0, null) : undefined));
    return writing;
  };

  const report = async (ended: Ended): Promise<void> => {
    const isFailure = ended.fault !== null && RETRY_TABLE[ended.call][ended.fault].countsAsDown;
    if (isFailure || ended.fault === "throttled" || isBadCreate(ended)) {
      writing = writing.then(() => write(isFailure ? 1 : 0, ended));
      return writing;
    }
    good = {
      count: good.count + 1,
      startedAt: Math.max(good.startedAt, ended.startedAt),
      hasCreate: good.hasCreate || ended.call === "submit",
    };
    if (known !== "closed") return flush();
    timer ??= setTimeout(() => void flush(), GOOD_NEWS_MS);
  };
  return Object.assign(report, { flush });
}
