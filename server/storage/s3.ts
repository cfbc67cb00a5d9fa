import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { rm, stat, statfs, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { LocalizedText } from "../contract/common.ts";
import { AppError } from "../errors.ts";
import type { BucketPlace } from "../store-config.ts";
import { rethrowDiskFull } from "../system-errors.ts";
import { assertKey, assertPrefix } from "./key-path.ts";
import { createBucket } from "./s3-bucket.ts";
import { describeRefusal, isBucketFull } from "./s3-refusal.ts";
import type { Storage } from "./storage.ts";
import { openWorkspace, sweepWorkspaces } from "./workspaces.ts";

interface S3StorageOptions extends BucketPlace {
  /** Folder of this machine for work in progress; made where it is missing. */
  scratch: string;
  downloads: "proxy" | "redirect";
}

/** A larger file is sent in parts of this size; one at a time is in memory. */
export const PART_BYTES = 8 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 5;
/** A copy to this machine that breaks off is begun again. */
const MAX_COPIES = 3;
/** Long enough for clocks that differ and a slow start, short enough to be of no use to whoever finds it later. */
const LINK_SECONDS = 300;

/** The bucket of a store, with what lies hidden in it; it fails as the methods of the store do. */
export const openStoreBucket = (place: BucketPlace) => createBucket({ ...place, refuse });
export type StoreBucket = ReturnType<typeof openStoreBucket>;

/** A store in a bucket of S3, which any number of machines may share. Each has a folder of its own for work. */
export function createS3Storage(options: S3StorageOptions): Storage {
  const scratch = resolve(options.scratch);
  mkdirSync(scratch, { recursive: true });
  const bucket = openStoreBucket(options);

  async function read(...[key, range]: Parameters<Storage["read"]>) {
    assertKey(key);
    const content = await bucket.get(key, range);
    if (!content) throw new AppError("file-missing");
    return content;
  }

  const storage: Storage = {
    async publish(key, localPath) {
      assertKey(key);
      const { size } = await stat(localPath);
      // With it a restore needn't read the file to know whether it is another one.
      const sha256 = await sha256Of(localPath);
      await bucket.put(key, createReadStream(localPath), PART_BYTES, { sha256 });
      const stored = await bucket.stat(key);
      if (stored?.bytes !== size) throw unavailable(null, notAsSent(key));
      await rm(localPath, { force: true });
    },

    async stat(key) {
      assertKey(key);
      return bucket.stat(key);
    },

    read,

    async materialize(key) {
      assertKey(key);
      const workspace = await openWorkspace(scratch);
      const path = join(workspace.path, basename(key));
      for (let attempt = 1; ; attempt++) {
        try {
          await pipeline(await read(key), createWriteStream(path)).catch(rethrowDiskFull);
          return { path, release: () => workspace.dispose() };
        } catch (error) {
          const isPassing = error instanceof AppError && error.code === "storage-unavailable";
          if (isPassing && attempt < MAX_COPIES) continue;
          await workspace.dispose();
          throw error;
        }
      }
    },

    async remove(key) {
      assertKey(key);
      await bucket.remove(key);
    },

    async *list(prefix) {
      assertPrefix(prefix);
      for await (const object of bucket.list(prefix)) if (isOurs(object.key)) yield object;
    },

    workspace: (name) => openWorkspace(scratch, name),

    async freeBytes() {
      const { bavail, bsize } = await statfs(scratch);
      return bavail * bsize;
    },

    async totalBytes() {
      const { blocks, bsize } = await statfs(scratch);
      return blocks * bsize;
    },

    async check() {
      const name = `check-${randomUUID()}`;
      const path = join(scratch, name);
      const key = `input/${name}`;
      await writeFile(path, name).catch(rethrowDiskFull);
      try {
        await storage.publish(key, path);
      } finally {
        await rm(path, { force: true });
      }
      const readBack = (await buffer(await read(key))).toString();
      await bucket.remove(key);
      if (readBack !== name) throw new Error("The store gave back other bytes than were written.");
    },

    async sweepTemp(maxAgeSeconds) {
      const removed = await sweepWorkspaces(scratch, maxAgeSeconds);
      return removed + (await bucket.endUploads(maxAgeSeconds));
    },

    async link(key, as) {
      assertKey(key);
      return options.downloads === "redirect" ? bucket.link(key, as, LINK_SECONDS) : null;
    },
  };
  return storage;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** A bucket may hold what others put there, under names that the store never gives. */
function isOurs(key: string): boolean {
  try {
    assertKey(key);
    return true;
  } catch {
    return false;
  }
}

const unavailable = (cause: unknown, operatorDetail: LocalizedText) =>
  new AppError("storage-unavailable", {
    operatorDetail,
    cause: new Error(operatorDetail.en, { cause }),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });

const notAsSent = (key: string) => ({
  en: `${key} is not in the bucket as it was sent.`,
  ru: `${key} лежит в бакете не таким, каким был отправлен.`,
});

/** People are told that files are away; the cause, with its cure, is for the log and for operators. */
function refuse(error: unknown): AppError {
  if (isBucketFull(error)) return new AppError("disk-full", { cause: error });
  const { en, ru } = describeRefusal(error, "S3_BUCKET");
  return unavailable(error, {
    en: `The bucket for files did not take a request: ${en}`,
    ru: `Бакет с файлами не принял запрос: ${ru}`,
  });
}
