import { z } from "zod";
import { Time } from "./common.ts";

const count = z.number().int().nonnegative();
const bytes = count.describe("bytes");

const CachePolicy = z.object({
  name: z.string().describe("Kind of data, the first part of its keys, such as analytics"),
  ttlSeconds: count.describe("No entry stays longer"),
  compressed: z.boolean().describe("Whether long values are kept compressed"),
  hits: count,
  misses: count,
  hitRate: z.number().min(0).max(1).nullable().describe("Null: nobody has asked yet"),
  loads: count.describe("Values that were made anew"),
  errors: count.describe("Questions that Redis failed to answer; memory answered them"),
  latencyMs: z
    .object({ p50: z.number(), p95: z.number() })
    .nullable()
    .describe("Of the latest questions to the cache, milliseconds"),
  entries: count.nullable().describe("Entries there now; null: Redis is away or holds too many to count"),
});

export const CacheStats = z
  .object({
    state: z
      .enum(["memory", "shared", "away"])
      .describe("memory: there is no Redis; shared: it answers; away: memory stands in for it"),
    since: Time.describe("Start of this process, whose own hits, misses and latencies these are"),
    policies: z.array(CachePolicy),
    memory: z.object({ entries: count, bytes: bytes, maxBytes: bytes }).describe("Cache of this process"),
    redis: z
      .object({
        version: z.string().nullable(),
        memory: z.object({ bytes: bytes, maxBytes: bytes.nullable().describe("Null: no bound") }),
        connections: z.object({
          own: count.describe("Of this process"),
          max: count.describe("Most of this process, REDIS_MAX_CONNECTIONS"),
          all: count.describe("Of everybody"),
        }),
        evictedKeys: count,
      })
      .nullable()
      .describe("Null: there is none, or it does not answer"),
  })
  .meta({ id: "CacheStats" });
export type CacheStats = z.infer<typeof CacheStats>;

export const ClearCache = z
  .object({
    pattern: z
      .string()
      .regex(/^[\w:.*?-]{1,200}$/, "Letters, digits, : . _ - and the wildcards * and ? are possible.")
      .describe(
        "Kind and id, such as analytics:periods, or kinds alone; * is any text, ? any character. The list of refused tokens is meant only where its kind, revoked, is named in full",
      ),
  })
  .strict()
  .meta({ id: "ClearCache" });

export const CacheCleared = z
  .object({ removed: count.describe("Entries; without Redis those of this process alone") })
  .meta({ id: "CacheCleared" });

export const CacheWarmedUp = z
  .object({
    tookMs: z.number(),
    values: z.array(
      z.object({
        key: z.string().describe("Such as analytics:periods"),
        tookMs: z.number(),
        ok: z.boolean().describe("False: it could not be made; the log says why"),
      }),
    ),
  })
  .meta({ id: "CacheWarmedUp" });
export type CacheWarmedUp = z.infer<typeof CacheWarmedUp>;
