import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { StoreConfig } from "../../../server/store-config.ts";
import { S3_ACCOUNT, type S3Server } from "../backup/s3-server.ts";
import { filesBelow } from "../stored-files.ts";

/** Where the files of an installation lie, as a test sees and changes them, past the product. */
export interface FilePlace {
  store: StoreConfig;
  put(key: string, content: Uint8Array | string): Promise<void>;
  remove(key: string): Promise<void>;
  /** All that is there by its key, also what is hidden. */
  contents(): Promise<Record<string, Buffer>>;
}

export function folderPlace(folder: string): FilePlace {
  return {
    store: { kind: "folder", folder },
    async put(key, content) {
      const file = path.join(folder, key);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    remove: (key) => rm(path.join(folder, key)),
    async contents() {
      const files = (await filesBelow(folder)).map((file) => path.relative(folder, file)).sort();
      const read = async (file: string) => [file, await readFile(path.join(folder, file))] as const;
      return Object.fromEntries(await Promise.all(files.map(read)));
    },
  };
}

const PREFIX = "ours/";

/** The first bucket of a server; `scratch` is a folder of this machine. What is put has no checksum beside it. */
export function bucketPlace(server: S3Server, scratch: string): FilePlace {
  const [bucket] = server.buckets.keys();
  const { objects } = server;
  const s3 = { ...S3_ACCOUNT, endpoint: server.endpoint, pathStyle: true };
  return {
    store: { kind: "s3", bucket, prefix: PREFIX, s3, scratch, downloads: "proxy" },
    async put(key, content) {
      objects.set(PREFIX + key, Buffer.from(content));
    },
    async remove(key) {
      if (!objects.delete(PREFIX + key)) throw new Error(`There is no ${key} in the bucket.`);
    },
    async contents() {
      const own = [...objects].filter(([key]) => key.startsWith(PREFIX)).sort();
      return Object.fromEntries(own.map(([key, content]) => [key.slice(PREFIX.length), content]));
    },
  };
}

/** Settings of a server whose files lie there. */
export const bucketEnvironment = (server: S3Server): Record<string, string> => ({
  S3_BUCKET: [...server.buckets.keys()][0],
  S3_PREFIX: PREFIX,
  S3_ENDPOINT: server.endpoint,
  S3_REGION: S3_ACCOUNT.region,
  S3_ACCESS_KEY_ID: S3_ACCOUNT.accessKeyId,
  S3_SECRET_ACCESS_KEY: S3_ACCOUNT.secretAccessKey,
});
