import path from "node:path";
import type { Settings } from "./settings.ts";

/** Who asks which service that speaks the protocol of Amazon S3. */
export interface S3Account {
  /** Null is Amazon's own. */
  endpoint: string | null;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Whether the bucket is in the path of a request (`https://host/bucket/key`), or in the name of the host. */
  pathStyle: boolean;
}

/** Keys in the bucket begin with `prefix`, which is empty or ends with a slash. */
export interface BucketPlace {
  bucket: string;
  prefix: string;
  s3: S3Account;
}

/** Where photos and models lie: in a folder of this machine, or in a bucket that several machines share. */
export type StoreConfig =
  | { kind: "folder"; folder: string }
  | (BucketPlace & {
      kind: "s3";
      /** Folder of this machine for work in progress. */
      scratch: string;
      /** Whether browsers may be sent to the bucket for whole files. */
      downloads: "proxy" | "redirect";
    });

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** What `assertKey` of the store takes, so that a prefix may begin a key. */
const PREFIX = /^(?!.{200})(?:[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?\/)*$/;

/** Empty, or with a slash at its end and none at its beginning. */
export const asPrefix = (text: string) => text.replace(/^\/+|\/*$/g, "").replace(/.$/, "$&/");

/** @throws one sentence that names the setting and the cure. */
export function parseStore(s: Settings, root: string): StoreConfig {
  const folder = path.resolve(root, s.UPLOAD_DIR);
  if (!s.S3_BUCKET) {
    const needless = s.S3_PREFIX ? "S3_PREFIX" : s.S3_DOWNLOADS !== "proxy" ? "S3_DOWNLOADS" : null;
    if (needless) throw new Error(`${needless} is set, but not S3_BUCKET. Set both, or remove ${needless}.`);
    return { kind: "folder", folder };
  }
  if (!BUCKET.test(s.S3_BUCKET)) {
    throw new Error(
      `S3_BUCKET must be the name of a bucket such as my-models, without address or folder, not "${s.S3_BUCKET}".`,
    );
  }
  const prefix = asPrefix(s.S3_PREFIX);
  if (!PREFIX.test(prefix)) {
    throw new Error(
      `S3_PREFIX must be letters, digits, dashes and slashes such as photo-to-3d, not "${s.S3_PREFIX}".`,
    );
  }
  return {
    kind: "s3",
    bucket: s.S3_BUCKET,
    prefix,
    s3: parseAccount(s, "S3_BUCKET is set"),
    scratch: path.join(folder, "temp"),
    downloads: s.S3_DOWNLOADS,
  };
}

/**
 * Who signs the requests to a bucket; `why` it is needed begins the sentence about what is missing.
 * @throws one sentence that names the setting and the cure.
 */
export function parseAccount(s: Settings, why: string): S3Account {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = s;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      `${why}, which needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY. Set both, or name a folder instead.`,
    );
  }
  const endpoint = s.S3_ENDPOINT ?? null;
  const isAmazon = endpoint === null || /(^|\.)amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
  const pathStyle = s.S3_PATH_STYLE === "auto" ? !isAmazon : s.S3_PATH_STYLE === "on";
  return { endpoint, region: s.S3_REGION, accessKeyId, secretAccessKey, pathStyle };
}

/**
 * Backups in the place of the files would be backed up themselves, and removed as files that nobody names.
 * @throws one sentence that names the setting and the cure.
 */
export function refuseSamePlace(
  store: StoreConfig,
  backups: { kind: "folder" } | ({ kind: "s3" } & BucketPlace),
) {
  if (store.kind !== "s3" || backups.kind !== "s3" || store.bucket !== backups.bucket) return;
  if (!store.prefix.startsWith(backups.prefix) && !backups.prefix.startsWith(store.prefix)) return;
  throw new Error(
    `BACKUP_DIR and S3_BUCKET with S3_PREFIX name the same place in the bucket ${store.bucket}, or one inside of the ` +
      "other. Give backups a bucket of their own, or set S3_PREFIX=files and BACKUP_DIR=s3://" +
      `${store.bucket}/backups.`,
  );
}
