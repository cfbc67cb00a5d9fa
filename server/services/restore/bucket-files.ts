import { createHash } from "node:crypto";
import { json } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { inLanes } from "../../backup/in-lanes.ts";
import type { TakeFile } from "../../backup/restore-files.ts";
import { assertKey } from "../../storage/key-path.ts";
import { PART_BYTES, type StoreBucket } from "../../storage/s3.ts";
import type { Storage } from "../../storage/storage.ts";
import { type RestoreFiles, RestoreNote } from "./restore-files.ts";

interface Deps {
  bucket: StoreBucket;
  /** The store in that bucket. */
  storage: Storage;
}

/** Requests that are under way at once; a bucket takes hundreds, a small machine does not. */
const LANES = 8;
/** Files that pass through memory at once, a part of each. */
const FILE_LANES = 3;

/** No key of the store begins with a dot, so nothing below is listed, served, swept or backed up. */
const HIDDEN = ".restore/";
const NOTES = `${HIDDEN}notes/`;
const folderOf = (id: string) => `${HIDDEN}${id}/`;
const incomingOf = (id: string) => `${folderOf(id)}incoming/`;
const outgoingOf = (id: string) => `${folderOf(id)}outgoing/`;
const noteKey = (id: string) => `${NOTES}${id}.json`;
const idOf = ({ id }: RestoreNote): string => id as string;

/**
 * Restoring into a bucket, which has neither renames nor links, and not everywhere conditions on what is written: the
 * service copies contents from key to key, and each restore has keys of its own, so that nobody can mistake those of
 * another for them. What has to give way is kept before the backup is in place, while nothing has its place yet. What
 * is taken back loses first what waits to be placed: a copy that anybody asks for later finds nothing to copy.
 *
 * It takes a service that shows at once what was written (Amazon's does since 2020). One moment is left: a copy that
 * the service itself still makes when its asker is killed, and ends after another process has undone the restore.
 */
export function createBucketRestoreFiles({ bucket, storage }: Deps): RestoreFiles {
  /** Each in turn is told from the list; none of them is told twice. */
  const removeAll = (prefix: string, except?: string) =>
    inLanes(bucket.list(prefix), LANES, async ({ key }) => {
      if (!except || !key.startsWith(except)) await bucket.remove(key);
    });

  const arrivals =
    (id: string): TakeFile =>
    ({ key, sha256 }, content, signal) => {
      assertKey(key);
      return bucket.put(incomingOf(id) + key, content, PART_BYTES, { signal, sha256 });
    };

  async function write(note: RestoreNote): Promise<void> {
    const content = Buffer.from(JSON.stringify(RestoreNote.parse(note)));
    await bucket.put(noteKey(idOf(note)), once(content), PART_BYTES);
  }

  /** Keeps what will have to give way, as it is now. */
  async function keep(id: string, key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const former = await bucket.head(key);
    const kept = outgoingOf(id) + key;
    const result = former && (await bucket.copy(key, kept, { etag: former.etag, signal }));
    if (result !== "copied" || (await bucket.stat(kept))?.bytes !== former?.bytes) {
      throw new Error(`${key} was changed while it was kept.`);
    }
  }

  return {
    storage,
    lanes: { compare: LANES, bringIn: FILE_LANES },
    arrivals,

    async howItDiffers({ key, bytes, sha256 }, signal) {
      assertKey(key);
      const found = await bucket.head(key);
      if (!found) return "added";
      if (found.bytes !== bytes) return "replaced";
      const stored = found.sha256 ?? (await hashOf(bucket, key, signal));
      if (stored === null) return "added";
      return stored === sha256 ? null : "replaced";
    },

    // They pass through memory, a part at a time.
    localBytes: () => 0,
    openScratch: () => storage.workspace(),

    async begin(note, signal) {
      await inLanes(note.replaced, LANES, (key) => keep(idOf(note), key, signal));
      await write(note);
    },

    async turn(note, phase, formerId) {
      if (note.phase === phase && note.formerId === formerId) return;
      await write({ ...note, phase, formerId });
    },

    async notes() {
      const notes: RestoreNote[] = [];
      for await (const { key } of bucket.list(NOTES)) {
        const content = await bucket.get(key);
        // Somebody else may have settled it since.
        if (content) notes.push(RestoreNote.required({ id: true }).parse(await json(content)));
      }
      return notes;
    },

    placeAdded: (note, signal) =>
      inLanes(note.added, LANES, async (key) => {
        signal.throwIfAborted();
        const arrival = incomingOf(idOf(note)) + key;
        const result = await bucket.copy(arrival, key, { signal });
        if (result === "copied") await bucket.remove(arrival);
        else if (!(await bucket.stat(key))) throw new Error(`${key} was brought in, and is gone.`);
      }),

    async placeReplaced(note, signal) {
      const incoming = incomingOf(idOf(note));
      await inLanes(note.replaced, LANES, async (key) => {
        signal.throwIfAborted();
        // What is absent has its place, or is not wanted any more.
        const result = await bucket.copy(incoming + key, key, { signal });
        if (result === "copied") await bucket.remove(incoming + key);
      });
      // Of what the store lacked, where whoever placed it was killed before that was cleared away.
      await removeAll(incoming);
    },

    async isArrivalLeft(note) {
      for await (const _ of bucket.list(incomingOf(idOf(note)))) return true;
      return false;
    },

    async takeBack(note, { wasInPlace, isNamed }, signal) {
      signal.throwIfAborted();
      await removeAll(incomingOf(idOf(note)));
      if (wasInPlace) {
        await inLanes(note.replaced, LANES, async (key) => {
          signal.throwIfAborted();
          // What is absent was taken back already, and was being forgotten.
          await bucket.copy(outgoingOf(idOf(note)) + key, key, { signal });
        });
      }
      async function* unnamed(): AsyncGenerator<string> {
        for (const key of note.added) if (!(await isNamed(key))) yield key;
      }
      await inLanes(unnamed(), LANES, async (key) => {
        signal.throwIfAborted();
        await bucket.remove(key);
      });
    },

    async forget(note) {
      // The word of it last: it tells what else is to be cleared away.
      if (note) {
        await removeAll(folderOf(idOf(note)));
        await bucket.remove(noteKey(idOf(note)));
      } else {
        await removeAll(HIDDEN, NOTES);
        await removeAll(NOTES);
      }
    },
  };
}

/** SHA-256 of a content that nobody has told it of, hexadecimal; null where it is gone. */
async function hashOf(bucket: StoreBucket, key: string, signal: AbortSignal): Promise<string | null> {
  const content = await bucket.get(key, undefined, signal);
  if (!content) return null;
  const hash = createHash("sha256");
  await pipeline(content, hash, { signal });
  return hash.digest("hex");
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
