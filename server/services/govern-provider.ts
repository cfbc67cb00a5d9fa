import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { type BreakerState, readProviderLimits } from "../models/provider-limits.ts";
import { reportOutcomes } from "../models/provider-outcomes.ts";
import type { Records } from "../models/records.ts";
import type { PollOutcome, Provider, SubmitOutcome } from "../providers/provider.ts";
import { type Call, type Fault, pauseSeconds, RETRY_TABLE } from "../providers/retry-table.ts";

interface GovernDeps {
  records: Pick<Records, "sequelize">;
  logger: Pick<Logger, "warn" | "info">;
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

/**
 * The same provider, with every end of a request reported to what all replicas share, and with pauses by the retry
 * table where the provider could not be asked. Taking permits is left to those who ask, for they ask in groups.
 */
export function governProvider(provider: Provider, deps: GovernDeps): Provider {
  const report = createReporter(provider, deps);

  async function poll(...args: Parameters<Provider["poll"]>): Promise<PollOutcome> {
    const startedAt = performance.now();
    const [, , signal] = args;
    let outcome: PollOutcome;
    try {
      outcome = await provider.poll(...args);
    } catch (error) {
      const isTimeout = signal.aborted && (signal.reason as Error)?.name === "TimeoutError";
      if (isTimeout) await report({ call: "poll", fault: "no-answer", retryAfterSeconds: null, startedAt });
      throw error;
    }
    const fault = outcome.kind === "unreachable" ? (outcome.fault ?? "no-answer") : null;
    const asked = "retryAfterSeconds" in outcome ? outcome.retryAfterSeconds : null;
    await report({ call: "poll", fault, retryAfterSeconds: asked, startedAt });
    if (outcome.kind !== "unreachable" || !fault) return outcome;
    const pause = pauseSeconds(RETRY_TABLE.poll[fault], { tried: 1 }) * deps.patience;
    return { ...outcome, retryAfterSeconds: Math.max(asked ?? 0, pause) };
  }

  async function submit(...args: Parameters<Provider["submit"]>): Promise<SubmitOutcome> {
    const startedAt = performance.now();
    const outcome = await provider.submit(...args);
    const wasAsked = outcome.kind === "accepted" || outcome.kind === "finished";
    const fault = "fault" in outcome ? (outcome.fault ?? null) : null;
    if (!wasAsked && !fault) return outcome;
    const asked = "retryAfterSeconds" in outcome ? outcome.retryAfterSeconds : null;
    await report({ call: "submit", fault, retryAfterSeconds: asked, startedAt });
    return outcome;
  }

  return {
    ...provider,
    submit,
    poll,
    async balance(...args) {
      const limits = (await readProviderLimits(deps.records)).get(provider.id);
      if (limits && limits.breaker !== "closed") throw new AppError("provider-unreachable");
      return provider.balance(...args);
    },
    async check(signal) {
      const startedAt = performance.now();
      const fault = await provider.check(signal);
      await report({ call: "balance", fault, retryAfterSeconds: null, startedAt });
      return fault;
    },
    async dispose() {
      await report.flush();
      await provider.dispose();
    },
  };
}

/** A report that can't be written is lost: the next one says the same. */
function createReporter(provider: Provider, { records, logger, patience }: GovernDeps) {
  let known: BreakerState = "closed";
  let good = { count: 0, startedAt: 0 };
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  async function write(failures: number, ended: Ended | null): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const { count: successes, startedAt } = good;
    good = { count: 0, startedAt: 0 };
    const last = Math.max(startedAt, ended?.startedAt ?? 0);
    const isThrottled = ended?.fault === "throttled";
    const { call, retryAfterSeconds } = ended ?? { call: "poll" as const, retryAfterSeconds: null };
    try {
      const state = await reportOutcomes(records, provider.id, {
        successes,
        failures,
        fault: ended?.fault ?? undefined,
        begunSecondsAgo: (performance.now() - last) / 1000,
        waitSeconds: isThrottled ? (retryAfterSeconds ?? RETRY_TABLE[call].throttled.base * patience) : 0,
      });
      if (state !== known) logger.warn("The circuit breaker changed", { provider: provider.id, state });
      known = state;
    } catch (error) {
      logger.warn("The end of a request could not be reported", { provider: provider.id, error });
    }
  }

  const flush = () => {
    writing = writing.then(() => (good.count > 0 ? write(0, null) : undefined));
    return writing;
  };

  const report = async (ended: Ended): Promise<void> => {
    const isFailure = ended.fault !== null && RETRY_TABLE[ended.call][ended.fault].countsAsDown;
    if (isFailure || ended.fault === "throttled") {
      writing = writing.then(() => write(isFailure ? 1 : 0, ended));
      return writing;
    }
    good = { count: good.count + 1, startedAt: Math.max(good.startedAt, ended.startedAt) };
    if (known !== "closed") return flush();
    timer ??= setTimeout(() => void flush(), GOOD_NEWS_MS);
  };
  return Object.assign(report, { flush });
}
