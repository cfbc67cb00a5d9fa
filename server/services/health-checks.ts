import type { OpenCache } from "../cache/open-cache.ts";
import type { Config } from "../config.ts";
import type { ProviderHealth } from "../contract/operations.ts";
import type { Logger } from "../logger.ts";
import { countPresent } from "../models/presence.ts";
import { readProviderLimits } from "../models/provider-limits.ts";
import { currentWaits } from "../models/provider-waits.ts";
import type { Records } from "../models/records.ts";
import type { Queue } from "../queue/queue.ts";
import { type HealthText, healthMessage } from "./health-texts.ts";
import type { ProviderDirectory } from "./providers.ts";
import type { Reads } from "./reads/reads.ts";
import type { ReplicaState } from "./reads/replica.ts";

interface Finding {
  status: "healthy" | "degraded" | "unhealthy" | "off";
  /** As `healthMessage` makes it; `healthText` has its words. */
  message: string;
}

export interface HealthDeps {
  config: Pick<Config, "role">;
  records: Records;
  queue: Pick<Queue, "depth">;
  cacheState: OpenCache["state"];
  directory: ProviderDirectory;
  readiness: Record<"database" | "storage", () => Promise<void>>;
  reads: Pick<Reads, "replica">;
  logger: Pick<Logger, "warn">;
}

const CHECK_MS = 3000;

/**
 * What an operator wants to know of every part, each within `limitMs`; nothing outside of this installation is asked.
 */
export async function checkHealth(deps: HealthDeps, limitMs = CHECK_MS) {
  const { records, cacheState, directory, readiness, reads, logger } = deps;
  const measure = <T extends Finding>(part: string, check: () => Promise<T>) =>
    measured(check, limitMs, (error) => logger.warn("A part is not healthy", { part, error }));
  const [database, storage, cache, waiting, provider, readReplica] = await Promise.all([
    measure("database", () => readiness.database().then(() => healthy("answers"))),
    measure("storage", () => readiness.storage().then(() => healthy("store-usable"))),
    measure("cache", async () => CACHE_FINDINGS[await cacheState()]),
    measure("queue", () => checkQueue(deps)),
    measure("provider", () => checkProvider(records, directory)),
    measure("readReplica", async () => REPLICA_FINDINGS[reads.replica?.state() ?? "none"]),
  ]);
  return { database, storage, cache, queue: waiting, provider, readReplica };
}

const finding = (status: Finding["status"], text: HealthText, value?: string | number): Finding => ({
  status,
  message: healthMessage(text, value),
});
const healthy = (text: HealthText, value?: number) => finding("healthy", text, value);

const CACHE_FINDINGS: Record<Awaited<ReturnType<OpenCache["state"]>>, Finding> = {
  memory: finding("off", "cache-memory"),
  shared: healthy("cache-shared"),
  away: finding("degraded", "cache-away"),
};

const REPLICA_FINDINGS: Record<ReplicaState | "none", Finding> = {
  none: finding("off", "replica-none"),
  fresh: healthy("replica-fresh"),
  behind: finding("degraded", "replica-behind"),
  away: finding("degraded", "replica-away"),
  unfit: finding("degraded", "replica-unfit"),
};

async function measured<T extends Finding>(
  check: () => Promise<T>,
  limitMs: number,
  onError: (error: unknown) => void,
): Promise<(T | Finding) & { latencyMs: number }> {
  const startedAt = performance.now();
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error(`No answer within ${limitMs} ms`)), limitMs);
  const found = await Promise.race([check(), limit.promise]).catch((error): Finding => {
    onError(error);
    return finding("unhealthy", "check-failed");
  });
  clearTimeout(timer);
  return { ...found, latencyMs: Math.round(performance.now() - startedAt) };
}

/** A process that works needs not ask whether one is there. */
async function checkQueue({ config, records, queue }: HealthDeps): Promise<Finding> {
  const depth = await queue.depth();
  const isWorked = config.role !== "web" || (await countPresent(records)).works > 0;
  return isWorked ? healthy("queue-depth", depth) : finding("degraded", "no-worker", depth);
}

/** From what all replicas know of the remote provider; it is not asked for this. */
async function checkProvider(
  records: Records,
  { providers }: ProviderDirectory,
): Promise<Finding & { details?: ProviderHealth }> {
  if (!providers.get("genapi")?.isOpen) {
    return finding("off", "provider-none");
  }
  const limits = (await readProviderLimits(records)).get("genapi");
  if (!limits) return finding("unhealthy", "provider-no-limits");
  const wait = (await currentWaits(records)).get("genapi");
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  const details = {
    breaker: limits.breaker,
    nextProbeAt: iso(limits.nextProbeAt),
    waiting: wait ? { code: wait.code, until: wait.until.toISOString() } : null,
    lastSuccessAt: iso(limits.lastSuccessAt),
    lastFailureAt: iso(limits.lastFailureAt),
    lastFault: limits.lastFault,
    retriesLeft: limits.retriesLeft,
  };
  if (limits.breaker !== "closed") {
    return { ...finding("degraded", "provider-away"), details };
  }
  if (wait) return { ...finding("degraded", "provider-waits", wait.code), details };
  return { ...healthy("provider-well"), details };
}
