import { randomUUID } from "node:crypto";
import type { Logger } from "../logger.ts";
import type { Cache } from "./cache.ts";
import { isDue, packValue, unpackValue } from "./kept-value.ts";
import { type CacheKind, cacheKey, MARK, policyOf } from "./policies.ts";
import type { CacheStatistics } from "./statistics.ts";

/** A mark without values costs one entry, and one that ends outdates all values that have it. */
const MARK_SECONDS = 24 * 3600;

interface Which {
  kind: CacheKind;
  id: string;
  /** Its values are outdated together; all of the kind have one unless they say so. */
  group?: string;
}

/** Values that are made where they are not kept: anything that JSON has a form for, and answered in that form. */
export interface Remembered {
  /** What is kept, else what `load` makes, which all who ask meanwhile share. Rejects with what `load` throws. */
  read<T>(which: Which, load: () => Promise<T>): Promise<T>;
  /** Makes it anew now, whatever is kept. */
  refresh<T>(which: Which, load: () => Promise<T>): Promise<T>;
  /** Outdates all values of a group: to be called once what they are made of has changed, after the commit. Never rejects. */
  outdate(kind: CacheKind, group?: string): Promise<void>;
}

interface Options {
  cache: Cache;
  /** Whether other processes see the same cache now. */
  isShared: () => boolean;
  statistics: CacheStatistics;
  /** Longer values are compressed, where their policy has it so, bytes. */
  compressionBytes: number;
  logger: Pick<Logger, "warn">;
}

/**
 * Each value carries the mark of its group at the time when its making began, and counts only while the group has that
 * mark. Outdating takes the mark away, so a value that was made of what was there before never counts, in whichever
 * process it is being made and however late it comes.
 */
export function createRemembered({
  cache,
  isShared,
  statistics,
  compressionBytes,
  logger,
}: Options): Remembered {
  /** What is being made, by key and mark; marks that are being set, by key. */
  const making = new Map<string, Promise<string>>();
  const marking = new Map<string, Promise<string>>();

  const markKey = (kind: CacheKind, group = "all") => cacheKey(kind, MARK + group);

  function newMark(key: string): Promise<string> {
    return once(marking, key, async () => {
      const mark = randomUUID();
      await cache.set(key, mark, MARK_SECONDS);
      return mark;
    });
  }

  const make = (which: Which, mark: string, load: () => Promise<unknown>): Promise<string> => {
    const key = cacheKey(which.kind, which.id);
    return once(making, `${key} ${mark}`, async () => {
      const startedAt = performance.now();
      const text = JSON.stringify(await load());
      const madeInMs = performance.now() - startedAt;
      statistics.note({ kind: which.kind, outcome: "load", seconds: madeInMs / 1000 });
      const policy = policyOf(which.kind);
      const seconds = secondsOf(policy, madeInMs, isShared());
      if (seconds === 0) return text;
      const value = { text, mark, endsAt: Date.now() + seconds * 1000, madeInMs };
      await cache.set(key, await packValue(value, policy.isCompressed ? compressionBytes : null), seconds);
      return text;
    });
  };

  return {
    async read<T>(which: Which, load: () => Promise<T>): Promise<T> {
      const { kind, id, group } = which;
      const startedAt = performance.now();
      const [kept, mark] = await cache.getMany([cacheKey(kind, id), markKey(kind, group)]);
      const value = kept === null || mark === null ? null : await unpackValue(kept);
      const isHit = value !== null && value.mark === mark;
      const seconds = (performance.now() - startedAt) / 1000;
      statistics.note({ kind, outcome: isHit ? "hit" : "miss", seconds });
      if (!isHit) return JSON.parse(await make(which, mark ?? (await newMark(markKey(kind, group))), load));
      if (isDue(value)) {
        make(which, value.mark, load).catch((error) => {
          logger.warn("A kept value could not be made anew", { kind, id, error });
        });
      }
      return JSON.parse(value.text);
    },
    async refresh<T>(which: Which, load: () => Promise<T>): Promise<T> {
      const [mark] = await cache.getMany([markKey(which.kind, which.group)]);
      return JSON.parse(await make(which, mark ?? (await newMark(markKey(which.kind, which.group))), load));
    },
    outdate: (kind, group) => cache.delete(markKey(kind, group)),
  };
}

/** How long a value is kept; 0 where keeping it is not worth it. */
function secondsOf(policy: ReturnType<typeof policyOf>, madeInMs: number, isShared: boolean): number {
  const { longestSeconds, timesMade = Number.POSITIVE_INFINITY, aloneSeconds = longestSeconds } = policy;
  const longest = isShared ? longestSeconds : aloneSeconds;
  return Math.min(longest, Math.floor((madeInMs * timesMade) / 1000));
}

/** The work under a name that is under way, else begun now. */
function once<T>(underWay: Map<string, Promise<T>>, name: string, work: () => Promise<T>): Promise<T> {
  const known = underWay.get(name);
  if (known) return known;
  const begun = work().finally(() => underWay.delete(name));
  underWay.set(name, begun);
  return begun;
}
