import type { Readable } from "node:stream";

export interface TargetObject {
  key: string;
  bytes: number;
  modifiedAt: Date;
}

/**
 * Where backups are kept: a folder or a bucket. Keys are plain relative paths (`2026-11-22T02-00-00Z-daily/manifest.json`).
 * A key either holds its whole content or nothing at all.
 */
export interface BackupTarget {
  /** For people: the folder, or `s3://bucket/prefix`. */
  readonly name: string;
  /** Stores all of `content`, replacing what was there; when it fails or `signal` fires nothing is left. */
  put(key: string, content: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** Throws `backup-missing` where there is no such key. */
  get(key: string, signal?: AbortSignal): Promise<Readable>;
  /** Everything whose key begins with `prefix`, in no order. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<TargetObject>;
  /** Null where there is no such key. */
  stat(key: string): Promise<TargetObject | null>;
  /** Quiet where there is no such key. */
  remove(key: string): Promise<void>;
  /** Bytes that can still be written; infinite where nothing bounds them. */
  freeBytes(): Promise<number>;
  /** Removes what puts of killed processes have left; nobody may write to the target meanwhile. */
  sweep(): Promise<void>;
}
