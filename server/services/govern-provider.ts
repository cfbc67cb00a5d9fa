import { AppError } from "../errors.ts";
import { readProviderLimits } from "../models/provider-limits.ts";
import type { PollOutcome, Provider, SubmitOutcome } from "../providers/provider.ts";
import { pauseSeconds, RETRY_TABLE } from "../providers/retry-table.ts";
import { createReporter, type ReportDeps } from "./provider-reports.ts";

type Report = ReturnType<typeof createReporter>;

/**
 * The same provider, with every end of a request reported to what all replicas share, and with pauses by the retry
 * table where the provider could not be asked. Taking permits is left to those who ask, for they ask in groups. What an
 * account of a user's own is told to wait for concerns nobody else.
 */
export function governProvider(provider: Provider, deps: ReportDeps): Provider {
  const report = createReporter(provider.id, deps);
  return {
    ...govern(provider, report, deps),
    ...(provider.withKey && {
      withKey: (key: string) => govern(provider.withKey!(key), withoutThrottling(report), deps),
    }),
    async dispose() {
      await report.flush();
      await provider.dispose();
    },
  };
}

const withoutThrottling =
  (report: Report): ((ended: Parameters<Report>[0]) => Promise<void>) =>
  async (ended) => {
    if (ended.fault !== "throttled") await report(ended);
  };

function govern(
  provider: Provider,
  report: ReturnType<typeof withoutThrottling>,
  deps: ReportDeps,
): Provider {
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
  };
}
