import type { Cache } from "./cache.ts";
import { EVERYTHING } from "./policies.ts";

/** With more keys than this everything is deleted. */
const MOST = 10_000;

/** What was to be deleted from a cache while it was away. */
export function createMissedDeletions() {
  let keys = new Set<string>();
  let patterns = new Set<string>();
  return {
    addKeys(missed: readonly string[]): void {
      for (const key of missed) keys.add(key);
      if (keys.size <= MOST) return;
      keys.clear();
      patterns.add(EVERYTHING);
    },
    addPattern(missed: string): void {
      patterns.add(missed);
    },
    isPending: () => keys.size + patterns.size > 0,
    /** Deletes what is known so far. What fails is still to be done, and the reason is thrown. */
    async replay(cache: Pick<Cache, "delete" | "clear">): Promise<void> {
      const [gone, cleared] = [keys, patterns];
      [keys, patterns] = [new Set(), new Set()];
      try {
        await cache.delete(...gone);
        for (const pattern of cleared) await cache.clear(pattern);
      } catch (error) {
        keys = keys.union(gone);
        patterns = patterns.union(cleared);
        throw error;
      }
    },
  };
}
