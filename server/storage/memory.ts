import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { AppError } from "../errors.ts";
import { assertKey, assertPrefix } from "./key-path.ts";
import type { Storage } from "./storage.ts";
import { openWorkspace } from "./workspaces.ts";

/** A store that forgets everything when it is gone. Workspaces are folders of the system's temporary folder. */
export function createMemoryStorage(): Storage {
  const objects = new Map<string, { content: Buffer; modifiedAt: Date }>();

  function find(key: string) {
    assertKey(key);
    const object = objects.get(key);
    if (!object) throw new AppError("file-missing");
    return object;
  }

  const makeFolder = () => mkdtemp(join(tmpdir(), "memory-storage-"));
  const removeFolder = (path: string) => rm(path, { recursive: true, force: true });

  return {
    async publish(key, localPath) {
      assertKey(key);
      objects.set(key, { content: await readFile(localPath), modifiedAt: new Date() });
      await rm(localPath);
    },
    async stat(key) {
      assertKey(key);
      const object = objects.get(key);
      return object ? { key, bytes: object.content.length, modifiedAt: object.modifiedAt } : null;
    },
    async read(key, range) {
      const { content } = find(key);
      return Readable.from(range ? content.subarray(range.start, range.end + 1) : content, {
        objectMode: false,
      });
    },
    async materialize(key) {
      const { content } = find(key);
      const folder = await makeFolder();
      const path = join(folder, "content");
      await writeFile(path, content);
      return { path, release: () => removeFolder(folder) };
    },
    async remove(key) {
      assertKey(key);
      objects.delete(key);
    },
    async *list(prefix) {
      assertPrefix(prefix);
      for (const [key, { content, modifiedAt }] of objects) {
        if (key.startsWith(prefix)) yield { key, bytes: content.length, modifiedAt };
      }
    },
    workspace: (name) => openWorkspace(tmpdir(), name),
    freeBytes: async () => Number.POSITIVE_INFINITY,
    totalBytes: async () => Number.POSITIVE_INFINITY,
    async check() {},
    sweepTemp: async () => 0,
    link: async () => null,
  };
}
