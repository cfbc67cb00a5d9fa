import type { Readable } from "node:stream";

/** An inclusive range of bytes, as in RFC 9110. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredObject {
  key: string;
  bytes: number;
  modifiedAt: Date;
}

export interface Workspace {
  path: string;
  dispose(): Promise<void>;
  /** Leaves the folder, in place of one that was kept before, to the next workspace of this name. */
  keep(name: string): Promise<void>;
}

/** Headers that come with the content of a link; they are signed with it. */
export interface LinkHeaders {
  mediaType: string;
  /** Value of `Content-Disposition`. */
  disposition: string;
}

/**
 * Bytes by key. Keys are made by the server (`input/ab/….jpg`, `models/<id>/….glb`); a key that leaves the
 * store is refused. A key either holds its whole content or nothing at all. Where the store is away every method but
 * those of workspaces throws `storage-unavailable`, a bucket's also where it refuses.
 */
export interface Storage {
  /** Moves a finished local file into the store, replacing what was there. The local file is gone afterwards. */
  publish(key: string, localPath: string): Promise<void>;
  /** Null where there is no such key. */
  stat(key: string): Promise<StoredObject | null>;
  /** Throws `file-missing` where there is no such key. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** A local path with the content, for programs that need one; `release` when done. Throws `file-missing`. */
  materialize(key: string): Promise<{ path: string; release(): Promise<void> }>;
  /** Quiet where there is no such key. */
  remove(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<StoredObject>;
  /**
   * A local folder for work in progress, that nobody else has; everything left in it is swept after a day. New and
   * empty, or with `name` (letters, digits, dashes) the one that was last kept under that name.
   */
  workspace(name?: string): Promise<Workspace>;
  /** Bytes that can still be written where workspaces are; infinite where nothing bounds them. */
  freeBytes(): Promise<number>;
  /** Of the disk where workspaces are, used or not; infinite where nothing bounds them. */
  totalBytes(): Promise<number>;
  /** Writes, reads back and removes a small object; throws when that fails. */
  check(): Promise<void>;
  /**
   * Removes what work in progress has left untouched for longer than this, workspaces and half-sent uploads; returns
   * how many went.
   */
  sweepTemp(maxAgeSeconds: number): Promise<number>;
  /**
   * An address that gives the content to whoever has it, for some minutes, straight from where it lies; null where
   * the store has none, and the content goes through the product.
   */
  link(key: string, as: LinkHeaders): Promise<string | null>;
}
