import { buffer } from "node:stream/consumers";
import { AppError } from "../errors.ts";
import type { Storage, StoredObject } from "../storage/storage.ts";
import { encrypted, encryptedBytes } from "./age.ts";
import { type Bytes, measured, type Sum, sumOf, Throttle } from "./bytes.ts";
import type { KnownFiles } from "./known-files.ts";
import { contentKey } from "./layout.ts";
import type { FileEntry } from "./manifest.ts";
import type { BackupTarget } from "./target.ts";

/** Larger files are read twice instead: for their hash, which names them, and to be copied. */
const KEPT_BYTES = 4 * 1024 * 1024;

const MAX_ATTEMPTS = 3;

interface CopyFilesOptions {
  storage: Storage;
  target: BackupTarget;
  recipient: string | null;
  bytesPerSecond: number | null;
  /** What a former backup to the same key has noted. */
  former: KnownFiles;
  /** Bytes of every content that is in the target already, by key there; grows with what is copied. */
  present: Map<string, number>;
  signal?: AbortSignal;
}

/** Copies files of the store that the target lacks, by hash. */
export class FileCopier {
  copiedCount = 0;
  copiedBytes = 0;
  readonly #options: CopyFilesOptions;
  readonly #throttle: Throttle;
  /** Contents that are being copied: two files may have the same. */
  readonly #running = new Map<string, Promise<Sum>>();

  constructor(options: CopyFilesOptions) {
    this.#options = options;
    this.#throttle = new Throttle(options.bytesPerSecond);
  }

  /** Null where the file has been deleted meanwhile. What is known unchanged isn't read. */
  async copy(object: StoredObject): Promise<FileEntry | null> {
    const { former, present } = this.#options;
    const { key, bytes } = object;
    const modifiedMs = object.modifiedAt.getTime();
    const known = former.get(key);
    const isKnown = known?.bytes === bytes && known.modifiedMs === modifiedMs;
    if (isKnown && present.get(known.stored.key) === known.stored.bytes) return known;
    for (let attempt = 1; ; attempt++) {
      try {
        const { found, stored } = await this.#store(object);
        return { key, ...found, modifiedMs, stored };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code === "file-missing") return null;
        if (error.code !== "conflict" || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #store({ key, bytes }: StoredObject): Promise<{ found: Sum; stored: FileEntry["stored"] }> {
    const { storage, recipient, signal } = this.#options;
    const read = async () => this.#throttle.pace(await storage.read(key), signal);
    const kept = bytes <= KEPT_BYTES ? await buffer(await read()) : null;
    const found = await sumOf(kept ? once(kept) : await read());
    const again = async () => (kept ? once(kept) : same(await read(), found));
    const storedKey = contentKey(recipient, found.sha256);
    let running = this.#running.get(storedKey);
    if (!running) {
      running = this.#put(storedKey, found, again).finally(() => this.#running.delete(storedKey));
      this.#running.set(storedKey, running);
    }
    return { found, stored: { key: storedKey, ...(await running) } };
  }

  async #put(key: string, found: Sum, read: () => Promise<Bytes>): Promise<Sum> {
    const { target, recipient, present, signal } = this.#options;
    const wholeBytes = recipient === null ? found.bytes : await encryptedBytes(found.bytes, recipient);
    // One of another size was damaged: it is written anew.
    const isThere = present.get(key) === wholeBytes;
    if (recipient === null && isThere) return found;
    // Encrypting it again would give other bytes than a former backup has noted.
    if (isThere) return sumOf(await target.get(key, signal));
    const clear = await read();
    let sum = found;
    const tell = (stored: Sum) => {
      sum = stored;
    };
    const content = recipient === null ? clear : measured(encrypted(clear, [recipient]), tell);
    await target.put(key, content, signal);
    present.set(key, sum.bytes);
    this.copiedCount++;
    this.copiedBytes += found.bytes;
    return sum;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A file that is replaced between the two readings must not be stored under the hash of the first. */
async function* same(source: Bytes, expected: Sum): AsyncGenerator<Uint8Array> {
  yield* measured(source, (sum) => {
    if (sum.sha256 !== expected.sha256) throw new AppError("conflict");
  });
}
