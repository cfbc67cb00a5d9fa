import path from "node:path";
import { S3_ACCOUNT, startS3Server } from "../backup/s3-server.ts";

/** Where all replicas keep their files. */
export interface FileStore {
  name: string;
  /** What a server needs to use it. */
  settings: Record<string, string>;
  dispose(): Promise<void>;
}

const BUCKET = "models";

/** A bucket that all reach, with a folder of work in progress for each. */
async function startBucket(): Promise<FileStore> {
  const server = await startS3Server({ buckets: [BUCKET] });
  return {
    name: "a bucket",
    settings: {
      S3_BUCKET: BUCKET,
      S3_ENDPOINT: server.endpoint,
      S3_REGION: S3_ACCOUNT.region,
      S3_ACCESS_KEY_ID: S3_ACCOUNT.accessKeyId,
      S3_SECRET_ACCESS_KEY: S3_ACCOUNT.secretAccessKey,
    },
    dispose: () => server.close(),
  };
}

/** A folder of a disk that all have. */
const shareFolder = async (folder: string): Promise<FileStore> => ({
  name: "a folder",
  settings: { UPLOAD_DIR: path.join(folder, "uploads") },
  async dispose() {},
});

export const FILE_STORES = { bucket: startBucket, folder: shareFolder };
