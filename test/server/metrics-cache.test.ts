import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { openCache } from "../../server/cache/open-cache.ts";
import { entriesOf } from "../../server/cache/policies.ts";
import { cacheMetrics } from "../../server/metrics/cache.ts";
import { parsePrometheusText, seriesValue } from "../support/prometheus-text.ts";

const silent = { error() {}, warn() {}, info() {}, debug() {} } as never;

test("the cache's hits and misses are counted by policy, however many keys are asked for", async () => {
  const registry = new Registry();
  const opened = await openCache({ redis: null, logger: silent, compressionBytes: 1024, prefix: "" });
  cacheMetrics(registry, opened);
  const scrape = async () => parsePrometheusText(await registry.metrics());
  const series = (families: Awaited<ReturnType<typeof scrape>>) =>
    [...families.values()].reduce((sum, { samples }) => sum + samples.length, 0);
  const before = series(await scrape());

  const entries = entriesOf(opened.cache, "revoked", opened.statistics);
  for (let key = 0; key < 10_000; key++) await entries.get(`key-${key}`);
  await entries.set("key-1", "yes", 60);
  for (let times = 0; times < 3; times++) assert.equal(await entries.get("key-1"), "yes");

  const families = await scrape();
  const count = (outcome: string) =>
    seriesValue(families, "photo_to_3d_cache_requests_total", { policy: "revoked", outcome });
  assert.deepEqual([count("miss"), count("hit"), count("error")], [10_000, 3, 0]);
  assert.equal(
    seriesValue(families, "photo_to_3d_cache_request_duration_seconds_count", { policy: "revoked" }),
    10_003,
  );
  assert.equal(seriesValue(families, "photo_to_3d_cache_state", { state: "memory" }), 1);
  assert.equal(seriesValue(families, "photo_to_3d_cache_state", { state: "away" }), 0);
  assert.equal(series(families), before);
  opened.dispose();
});
