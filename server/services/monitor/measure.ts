import { MONITORED_SERVICES, type MonitoredService } from "../../contract/monitor.ts";
import { poolUse } from "../../database/pool-use.ts";
import { AppError } from "../../errors.ts";
import type { HealthSample } from "../../models/health-samples.ts";
import { endedLastHour, oldestWaitSeconds } from "../../models/work-figures.ts";
import { JOB_EXPIRY_SECONDS } from "../../queue/catalogue.ts";
import { checkHealth, type HealthDeps } from "../health-checks.ts";
import { healthMessage } from "../health-texts.ts";
import { type Counts, createErrorWindow, errorPercent } from "./error-rate.ts";
import { diskPercent, memoryPercent } from "./host.ts";
import type { Look } from "./rules.ts";

export interface MeasureDeps extends HealthDeps {
  freeBytes: () => Promise<number>;
  /** Null: there is no Redis, or it does not answer. */
  redisMemory: () => Promise<{ bytes: number; maxBytes: number | null } | null>;
  /** Requests of this process since its start. */
  requestTotals: () => Promise<Counts>;
  /** Whether failed requests are wanted just now, as in maintenance. */
  ignoresErrors: () => boolean;
  /** Folders that must not become full. */
  folders: readonly string[];
  /** A check that takes longer has failed. */
  limitMs: number;
  /** The balance may be so old, seconds. */
  balanceAgeSeconds: number;
  now: () => Date;
}

type Figures = Record<string, number>;

const JOB_NAMES = Object.keys(JOB_EXPIRY_SECONDS);

/** What is measured with it is left out where it fails or takes too long: the checks tell of what fails. */
async function orNothing<T>(limitMs: number, work: () => Promise<T>): Promise<T | null> {
  const limit = Promise.withResolvers<null>();
  const timer = setTimeout(limit.resolve, limitMs, null);
  try {
    return await Promise.race([work(), limit.promise]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

const figuresOf = (entries: Record<string, number | null | undefined>): Figures =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) =>
      value === null || value === undefined || !Number.isFinite(value)
        ? []
        : [[name, Math.round(value * 100) / 100]],
    ),
  );

/** Looks at everything once; never rejects for what the parts do. */
export function createMeasure(deps: MeasureDeps): () => Promise<Look> {
  const { records, limitMs } = deps;
  const window = createErrorWindow(() => performance.now());
  const tryTo = <T>(work: () => Promise<T>) => orNothing(limitMs, work);

  async function hostFigures(): Promise<Figures> {
    const [disk, memory, totals, ended] = await Promise.all([
      tryTo(() => diskPercent(deps.folders)),
      tryTo(memoryPercent),
      tryTo(deps.requestTotals),
      tryTo(() => endedLastHour(records)),
    ]);
    const httpErrors = totals && window.percent(totals);
    return figuresOf({
      diskPercent: disk,
      memoryPercent: memory,
      httpErrorPercent: deps.ignoresErrors() ? null : httpErrors,
      generationErrorPercent: ended && errorPercent(ended),
    });
  }

  return async () => {
    const startedAt = performance.now();
    const [checks, balance, jobs, oldest, free, memory, host] = await Promise.all([
      checkHealth(deps, limitMs),
      askBalance(deps),
      tryTo(() => deps.queue.depth()),
      tryTo(() => oldestWaitSeconds(records, JOB_NAMES)),
      tryTo(deps.freeBytes),
      tryTo(deps.redisMemory),
      hostFigures(),
    ]);
    const pool = poolUse(records.sequelize);
    const at = deps.now();
    const figures: Record<MonitoredService, Figures> = {
      database: figuresOf({
        poolConnections: pool.size,
        poolInUse: pool.using,
        poolWaiting: pool.waiting,
        poolMax: pool.maxSize,
      }),
      cache: figuresOf({ memoryBytes: memory?.bytes, memoryMaxBytes: memory?.maxBytes }),
      storage: figuresOf({ freeBytes: free }),
      provider: figuresOf({ balanceRoubles: balance?.roubles }),
      queue: figuresOf({ jobs, oldestSeconds: oldest }),
      host,
    };
    const provider = { ...checks.provider, ...worseForBalance(checks.provider, balance) };
    const hostCheck = {
      status: "healthy" as const,
      message: healthMessage("host-read"),
      latencyMs: Math.round(performance.now() - startedAt),
    };
    const found = { ...checks, provider, host: hostCheck };
    const samples = MONITORED_SERVICES.map((service): [MonitoredService, HealthSample] => {
      const { status, message, latencyMs } = found[service];
      return [service, { service, at, status, message, responseMs: latencyMs, figures: figures[service] }];
    });
    return Object.fromEntries(samples) as Look;
  };
}

interface Balance {
  roubles: number | null;
  /** Why it could not be had. */
  code: string | null;
  milliseconds: number;
}

/** Null where nobody is asked: there is no provider that is paid, or its breaker is open. */
async function askBalance({ directory, limitMs, balanceAgeSeconds }: MeasureDeps): Promise<Balance | null> {
  const provider = directory.providers.get("genapi");
  if (!provider?.isOpen) return null;
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    const roubles = await provider.balance(AbortSignal.timeout(limitMs), balanceAgeSeconds);
    return { roubles, code: null, milliseconds: elapsed() };
  } catch (error) {
    const code = error instanceof AppError ? error.code : "provider-unreachable";
    return { roubles: null, code, milliseconds: elapsed() };
  }
}

const REFUSALS = ["provider-unauthorized", "provider-forbidden"];

/** What the question for the balance adds to what all replicas know of the provider. */
function worseForBalance(check: { status: string; latencyMs: number }, balance: Balance | null) {
  if (!balance) return {};
  const latencyMs = Math.max(check.latencyMs, balance.milliseconds);
  if (!balance.code || check.status !== "healthy") return { latencyMs };
  return REFUSALS.includes(balance.code)
    ? { status: "unhealthy" as const, message: healthMessage("provider-refuses", balance.code), latencyMs }
    : { status: "degraded" as const, message: healthMessage("provider-no-balance", balance.code), latencyMs };
}
