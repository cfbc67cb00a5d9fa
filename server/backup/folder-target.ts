import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rm, rmdir, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "../errors.ts";
import { moveDurably } from "../storage/durable-file.ts";
import { keyToPath } from "../storage/key-path.ts";
import { hasCode, rethrowDiskFull } from "../system-errors.ts";
import type { BackupTarget, TargetObject } from "./target.ts";

/** Begins with a dot, which no key does. */
const INCOMING = ".incoming";

/** Backups in a folder that only this system user may look into. It is made with the first of them. */
export function createFolderTarget(folder: string): BackupTarget {
  const root = resolve(folder);
  const incoming = join(root, INCOMING);

  async function objectAt(key: string): Promise<TargetObject | null> {
    const found = await stat(keyToPath(root, key)).catch(nullIfGone);
    return found?.isFile() ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
  }

  async function* walk(folderKey: string, prefix: string): AsyncGenerator<TargetObject> {
    const entries = await readdir(join(root, folderKey), { withFileTypes: true }).catch(nullIfGone);
    for (const entry of entries ?? []) {
      if (entry.name.startsWith(".")) continue;
      const key = folderKey + entry.name;
      if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`))) {
        yield* walk(`${key}/`, prefix);
      } else if (entry.isFile() && key.startsWith(prefix)) {
        const found = await objectAt(key);
        if (found) yield found;
      }
    }
  }

  return {
    name: root,

    async put(key, content, signal) {
      const path = keyToPath(root, key);
      const part = join(incoming, randomUUID());
      try {
        await mkdir(root, { recursive: true, mode: 0o700 });
        await mkdir(incoming, { recursive: true, mode: 0o700 });
        await pipeline(content, createWriteStream(part, { mode: 0o600, flags: "wx" }), { signal });
        await moveDurably(part, path, `${part}-copy`);
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined);
        if (hasCode(error, "EACCES", "EPERM", "EROFS", "ENOTDIR")) {
          throw new AppError("backup-target-refused", { cause: error });
        }
        rethrowDiskFull(error);
      }
    },

    async get(key) {
      const handle = await open(keyToPath(root, key)).catch(nullIfGone);
      if (!handle) throw new AppError("backup-missing");
      return handle.createReadStream();
    },

    list: (prefix) => walk("", prefix),
    stat: objectAt,

    async remove(key) {
      const path = keyToPath(root, key);
      await rm(path, { force: true });
      for (let emptied = dirname(path); emptied !== root; emptied = dirname(emptied)) {
        const isGone = await rmdir(emptied).then(
          () => true,
          () => false,
        );
        if (!isGone) return;
      }
    },

    async freeBytes() {
      for (let existing = root; ; existing = dirname(existing)) {
        const found = await statfs(existing).catch(nullIfGone);
        if (found) return found.bavail * found.bsize;
      }
    },

    sweep: () => rm(incoming, { recursive: true, force: true }),
  };
}

function nullIfGone(error: unknown): null {
  if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
  throw error;
}
