import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Sequelize } from "sequelize";
import type { OpenCache } from "../cache/open-cache.ts";
import type { Logger } from "../logger.ts";
import type { Reads } from "../services/reads/reads.ts";
import { cacheMetrics } from "./cache.ts";
import { callbackMetrics } from "./callbacks.ts";
import { databaseFigures } from "./database-figures.ts";
import { databasePoolMetrics } from "./database-pool.ts";
import { httpRequestMetrics } from "./http-requests.ts";
import { paidProviderMetrics } from "./paid-providers.ts";
import { providerRequestMetrics } from "./provider-requests.ts";
import { readReplicaMetrics } from "./read-replica.ts";
import { webhookMetrics } from "./webhooks.ts";

type Tail<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;

/** Gauges with the name of a counter; each is the sum of the metric without `_total`. */
const MISNAMED = ["handles", "requests", "resources"].map((name) => `nodejs_active_${name}_total`);

/**
 * What Prometheus reads. Latencies and counts of requests are this process's own; everything about generations and
 * money is read from the database when it is asked for.
 */
export function createMetrics({ version }: { version: string }) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: "photo_to_3d_build_info",
    help: "Always 1; the version is in the label.",
    labelNames: ["version"],
    registers: [registry],
  }).set({ version }, 1);
  return {
    requests: httpRequestMetrics(registry),
    providerRequests: providerRequestMetrics(registry),
    observeCallback: callbackMetrics(registry),
    observeWebhook: webhookMetrics(registry),
    /** From now on the database's figures are reported too. */
    readDatabase(deps: { sequelize: Sequelize; logger: Logger }): void {
      databasePoolMetrics(registry, deps.sequelize);
      databaseFigures(registry, deps);
    },
    /** From now on the balances and the limits of paid providers are reported too. */
    watchProviders(...args: Tail<Parameters<typeof paidProviderMetrics>>): void {
      paidProviderMetrics(registry, ...args);
    },
    /** From now on what the cache answers is reported too. */
    watchCache(cache: OpenCache): void {
      cacheMetrics(registry, cache);
    },
    /** From now on the read replica is reported too, where there is one. */
    watchReads(reads: Reads): void {
      readReplicaMetrics(registry, reads);
    },
    contentType: registry.contentType,
    /** All metrics in Prometheus' text format; doesn't fail while the database is away. */
    text: () => registry.metrics(),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
