import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openStorage } from "../../../server/storage/open-storage.ts";
import type { Storage } from "../../../server/storage/storage.ts";
import { S3_ACCOUNT, type S3Server, startS3Server } from "./s3-server.ts";

/** Least size that S3 takes for a part which isn't the last. */
export const MEBIBYTE = 1024 ** 2;

interface Given {
  server?: S3Server;
  account?: Partial<typeof S3_ACCOUNT>;
  bucket?: string;
  prefix?: string;
  endpoint?: string;
  pathStyle?: boolean;
  downloads?: "proxy" | "redirect";
}

/** Stores in buckets of stand-ins, until they are disposed of all together. */
export function openStores() {
  const parts = new AsyncDisposableStack();

  const startServer = async (options?: Parameters<typeof startS3Server>[0]) =>
    parts.adopt(await startS3Server({ buckets: ["files"], partBytes: 5 * MEBIBYTE, ...options }), (server) =>
      server.close(),
    );

  /** A store in a bucket, by way of the settings' form, with a folder of its own for work. */
  async function open(given: Given = {}) {
    const server = given.server ?? (await startServer());
    const folder = await mkdtemp(path.join(tmpdir(), "s3-storage-test-"));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const scratch = path.join(folder, "uploads", "temp");
    const storage = await openStorage({
      kind: "s3",
      bucket: given.bucket ?? "files",
      prefix: given.prefix ?? "ours/",
      s3: {
        ...S3_ACCOUNT,
        ...given.account,
        endpoint: given.endpoint ?? server.endpoint,
        pathStyle: given.pathStyle ?? true,
      },
      scratch,
      downloads: given.downloads ?? "proxy",
    });
    return { server, storage, scratch };
  }

  return { open, startServer, dispose: () => parts.disposeAsync() };
}

/** Stores a content by way of a workspace. */
export async function put(storage: Storage, key: string, content: string | Buffer) {
  const workspace = await storage.workspace();
  const file = path.join(workspace.path, "file");
  await writeFile(file, content);
  try {
    await storage.publish(key, file);
  } finally {
    await workspace.dispose();
  }
}

export const keysOf = async (storage: Storage) =>
  (await Array.fromAsync(storage.list(""))).map(({ key }) => key);
