import type { OpenCache } from "../cache/open-cache.ts";
import { CacheCleared, CacheStats, CacheWarmedUp, ClearCache } from "../contract/cache.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import { audit } from "../services/audit.ts";
import { clearCache, readCacheStats } from "../services/cache/cache-care.ts";
import { warmUp } from "../services/cache/warm-up.ts";

interface CacheRouteDeps {
  records: Records;
  cache: OpenCache;
  logger: Logger;
}

const TAG = "Operations";

export const cacheRoutes = ({ records, cache, logger }: CacheRouteDeps): Route[] => [
  route({
    method: "get",
    path: "/api/system/cache/stats",
    tag: TAG,
    summary: "How the cache does, by kind of data",
    access: "admin",
    answers: { 200: { description: "Hits, latencies, memory and connections", schema: CacheStats } },
    async handle({ response }) {
      response.json(await readCacheStats(cache));
    },
  }),
  route({
    method: "post",
    path: "/api/system/cache/clear",
    tag: TAG,
    summary: "Delete entries by a pattern; they are made anew when they are asked for",
    access: "admin",
    body: ClearCache,
    answers: { 200: { description: "How many that were", schema: CacheCleared } },
    async handle({ body: { pattern }, by, response }) {
      const removed = await clearCache(cache, pattern);
      await audit(records, { action: "system.cache-cleared", details: { pattern, removed }, by });
      response.json({ removed });
    },
  }),
  route({
    method: "post",
    path: "/api/system/cache/warm-up",
    tag: TAG,
    summary: "Make the values anew that everybody asks for",
    access: "admin",
    answers: { 200: { description: "Each with the time that it took", schema: CacheWarmedUp } },
    async handle({ response }) {
      response.json(await warmUp({ records, remembered: cache.remembered, logger }));
    },
  }),
];
