import { AppError } from "../errors.ts";
import { assertKey, assertPrefix } from "../storage/key-path.ts";
import { createBucket } from "../storage/s3-bucket.ts";
import { describeRefusal } from "../storage/s3-refusal.ts";
import type { BucketPlace } from "../store-config.ts";
import type { BackupTarget } from "./target.ts";

interface S3TargetOptions extends BucketPlace {
  /** Content is sent in pieces of this size; larger than one makes an upload in parts, of which S3 takes 10 000. */
  partBytes?: number;
}

/** 10 000 of these are 156 GiB; one per upload is in memory. */
const PART_BYTES = 16 * 1024 * 1024;
/** An upload in parts that was begun so long ago is no longer going on. */
const DAY_SECONDS = 86_400;

/** Backups in a bucket of S3. */
export function createS3Target({ partBytes = PART_BYTES, ...place }: S3TargetOptions): BackupTarget {
  const bucket = createBucket({ ...place, refuse: refusal });
  return {
    name: `s3://${place.bucket}/${place.prefix}`,

    async put(key, content, signal) {
      assertKey(key);
      await bucket.put(key, content, partBytes, { signal });
    },

    async get(key, signal) {
      assertKey(key);
      const content = await bucket.get(key, undefined, signal);
      if (!content) throw new AppError("backup-missing");
      return content;
    },

    async *list(prefix, signal) {
      assertPrefix(prefix);
      yield* bucket.list(prefix, signal);
    },

    async stat(key) {
      assertKey(key);
      return bucket.stat(key);
    },

    async remove(key) {
      assertKey(key);
      await bucket.remove(key);
    },

    freeBytes: async () => Number.POSITIVE_INFINITY,

    async sweep() {
      await bucket.endUploads(DAY_SECONDS);
    },
  };
}

function refusal(error: unknown): AppError {
  const { en, ru } = describeRefusal(error, "BACKUP_DIR");
  return new AppError("backup-target-refused", {
    detail: {
      en: `The bucket for backups did not take a request: ${en}`,
      ru: `Хранилище для резервных копий не приняло запрос: ${ru}`,
    },
    cause: error,
  });
}
