/** One value with its time. */
export interface CacheEntry {
  key: string;
  value: string;
  /** Whole seconds, at least one. */
  ttlSeconds: number;
}

/** Values by key that may go at any time: whoever asks must be able to do without. */
export interface Cache {
  /** Null where it is not there (any more). */
  get(key: string): Promise<string | null>;
  /** Several at once, in the order of the keys. */
  getMany(keys: readonly string[]): Promise<(string | null)[]>;
  /** Keeps it for so many whole seconds, at least one, in place of what was there. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Several at once. */
  setMany(entries: readonly CacheEntry[]): Promise<void>;
  /** Not there is no error. */
  delete(...keys: string[]): Promise<void>;
  /** Deletes what a pattern means (`*` any text, `?` any character); answers how many entries that were. */
  clear(pattern: string): Promise<number>;
  /** The keys that a pattern means, null where there are too many to look through. */
  keys(pattern: string): Promise<string[] | null>;
}
