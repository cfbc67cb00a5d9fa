import { randomUUID } from "node:crypto";
import { makeClient, reasonOf } from "../../cache/redis-client.ts";
import { type Check, ok, problem, skipped } from "../check.ts";
import { unknownHost } from "../unknown-host.ts";

const MEANWHILE = "Until then each process keeps its cache in memory.";

/** Whether it lets us in and keeps what it is given; its version and memory, where it tells them. */
export const redis: Check = {
  name: "redis",
  async run({ config }) {
    if (!config.redis) return [skipped("REDIS_URL is not set: each process keeps its cache in memory.")];
    const client = makeClient(config.redis, { once: true });
    // The same errors are what the calls reject with.
    client.on("error", () => {});
    try {
      await client.connect();
    } catch (error) {
      const unknown = unknownHost("REDIS_URL", new URL(config.redis.url).hostname, error);
      if (unknown) return [{ ...unknown, cure: `${unknown.cure} ${MEANWHILE}` }];
      const cure =
        "Start it, and check the host, the port, the user and the password in REDIS_URL; rediss:// is for TLS. " +
        MEANWHILE;
      return [problem(`Redis can't be reached: ${reasonOf(error as Error)}`, cure)];
    }
    try {
      const key = `p3d:probe:${randomUUID()}`;
      const startedAt = performance.now();
      await client.set(key, key, { expiration: { type: "EX", value: 60 } });
      const found = await client.get(key);
      await client.del(key);
      if (found !== key) throw new Error("it does not give back what it was given");
      const ms = Math.round(performance.now() - startedAt);
      // A user of it may be kept from asking.
      const info = await client.info().catch(() => "");
      return [ok(`Redis${described(info)} can be written and read in ${ms} ms.`)];
    } catch (error) {
      const cure =
        "Give it memory, or a maxmemory-policy such as volatile-ttl; its user needs SET, GET and DEL for the keys " +
        `p3d:*, and a replica can't be written. ${MEANWHILE}`;
      return [problem(`Redis can't be written and read: ${reasonOf(error as Error)}`, cure)];
    } finally {
      client.destroy();
    }
  },
};

/** Such as ` 7.0.15 (1.05M of memory in use, no bound)`; empty where it tells nothing. */
function described(info: string): string {
  const fact = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
  const version = fact("redis_version");
  if (!version) return "";
  const bound = fact("maxmemory_human");
  const most = bound === "0B" || !bound ? "no bound" : `at most ${bound}`;
  return ` ${version} (${fact("used_memory_human")} of memory in use, ${most})`;
}
