import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open, readdir, rm, rmdir, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { AppError } from "../errors.ts";
import { hasCode, rethrowDiskFull } from "../system-errors.ts";
import { moveDurably } from "./durable-file.ts";
import { assertPrefix, keyToPath } from "./key-path.ts";
import type { Storage, StoredObject } from "./storage.ts";
import { openWorkspace, sweepWorkspaces } from "./workspaces.ts";

/** A store in one folder: `input/`, `models/`, and `temp/` for work in progress. Missing folders are made. */
export function createDiskStorage(options: { root: string }): Storage {
  const root = resolve(options.root);
  const temp = join(root, "temp");
  for (const folder of ["input", "models", "temp"]) mkdirSync(join(root, folder), { recursive: true });

  async function fileAt(key: string): Promise<StoredObject | null> {
    try {
      const found = await stat(keyToPath(root, key));
      return found.isFile() ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
      throw error;
    }
  }

  async function* walk(folderKey: string, prefix: string): AsyncGenerator<StoredObject> {
    const entries = await readdir(join(root, folderKey), { withFileTypes: true }).catch((error) => {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
      throw error;
    });
    for (const entry of entries) {
      const key = folderKey + entry.name;
      if (entry.name.startsWith(".") || key === "temp") continue;
      if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`))) {
        yield* walk(`${key}/`, prefix);
      } else if (entry.isFile() && key.startsWith(prefix)) {
        const found = await fileAt(key);
        if (found) yield found;
      }
    }
  }

  /** Removes the folders that a removed key leaves empty, but not the top ones. */
  async function removeEmptyFolders(folder: string): Promise<void> {
    for (let path = folder; dirname(path) !== root && path !== root; path = dirname(path)) {
      try {
        await rmdir(path);
      } catch (error) {
        if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT")) return;
        throw error;
      }
    }
  }

  const storage: Storage = {
    publish: async (key, localPath) =>
      moveDurably(localPath, keyToPath(root, key), join(temp, `${randomUUID()}.part`)),

    stat: fileAt,

    async read(key, range) {
      if (!(await fileAt(key))) throw new AppError("file-missing");
      const handle = await open(keyToPath(root, key)).catch((error) => {
        throw hasCode(error, "ENOENT") ? new AppError("file-missing", { cause: error }) : error;
      });
      return handle.createReadStream({ start: range?.start, end: range?.end });
    },

    async materialize(key) {
      if (!(await fileAt(key))) throw new AppError("file-missing");
      return { path: keyToPath(root, key), release: async () => {} };
    },

    async remove(key) {
      const path = keyToPath(root, key);
      if (!(await fileAt(key))) return;
      await rm(path, { force: true });
      await removeEmptyFolders(dirname(path));
    },

    async *list(prefix) {
      assertPrefix(prefix);
      yield* walk("", prefix);
    },

    workspace: (name) => openWorkspace(temp, name),

    async freeBytes() {
      const { bavail, bsize } = await statfs(temp);
      return bavail * bsize;
    },

    async totalBytes() {
      const { blocks, bsize } = await statfs(root);
      return blocks * bsize;
    },

    async check() {
      const name = `check-${randomUUID()}`;
      const path = join(temp, name);
      const key = `input/${name}`;
      await writeFile(path, name).catch(rethrowDiskFull);
      await storage.publish(key, path);
      const readBack = (await buffer(await storage.read(key))).toString();
      await storage.remove(key);
      if (readBack !== name) throw new Error("The store gave back other bytes than were written.");
    },

    sweepTemp: (maxAgeSeconds) => sweepWorkspaces(temp, maxAgeSeconds),
    link: async () => null,
  };
  return storage;
}
