import { resolve, sep } from "node:path";

const MAX_KEY_LENGTH = 512;
/** Names that mean the same thing on every file system: no separators, no dots at the ends, no control characters. */
const SEGMENT = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;

/** Throws a `RangeError` where the key is not a plain relative path of safe names. */
export function assertKey(key: string): void {
  const isSafe =
    key.length > 0 && key.length <= MAX_KEY_LENGTH && key.split("/").every((part) => SEGMENT.test(part));
  if (!isSafe || key.startsWith("temp/")) throw new RangeError(`Unsafe storage key: ${JSON.stringify(key)}`);
}

/** As `assertKey`, for a prefix: it may be empty or end in the middle of a name or with a slash. */
export function assertPrefix(prefix: string): void {
  if (prefix !== "") assertKey(prefix.endsWith("/") ? prefix.slice(0, -1) : prefix);
}

/** The only way from a key to a path. Throws a `RangeError` unless the path lies below `root`, an absolute path. */
export function keyToPath(root: string, key: string): string {
  assertKey(key);
  const path = resolve(root, ...key.split("/"));
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new RangeError(`Storage key leaves the store: ${JSON.stringify(key)}`);
  }
  return path;
}
