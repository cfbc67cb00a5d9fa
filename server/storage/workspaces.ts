import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, rethrowDiskFull } from "../system-errors.ts";
import type { Workspace } from "./storage.ts";

const NAME = /^[A-Za-z0-9-]{1,100}$/;

function keptPath(root: string, name: string): string {
  if (!NAME.test(name)) throw new Error(`"${name}" is no name of a workspace.`);
  return join(root, `kept-${name}`);
}

/** A folder below `root`; see `Storage.workspace`. */
export async function openWorkspace(root: string, name?: string): Promise<Workspace> {
  const kept = name === undefined ? null : await takeKept(root, name);
  const path = kept ?? (await mkdtemp(join(root, "work-")).catch(rethrowDiskFull));
  return {
    path,
    dispose: () => rm(path, { recursive: true, force: true }),
    async keep(newName) {
      const target = keptPath(root, newName);
      await rm(target, { recursive: true, force: true });
      await touch(path);
      await rename(path, target);
    },
  };
}

/** Removes what lies in `root` untouched for longer than this; returns how many entries went. */
export async function sweepWorkspaces(root: string, maxAgeSeconds: number): Promise<number> {
  const oldest = Date.now() - maxAgeSeconds * 1000;
  let removed = 0;
  for (const name of await readdir(root)) {
    if (name.startsWith(".")) continue;
    const path = join(root, name);
    const found = await stat(path).catch(() => null);
    if (!found || found.mtimeMs >= oldest) continue;
    await rm(path, { recursive: true, force: true });
    removed++;
  }
  return removed;
}

/** A rename gives a kept folder to exactly one taker; null where there is none. */
async function takeKept(root: string, name: string): Promise<string | null> {
  const path = join(root, `work-${randomUUID()}`);
  try {
    await rename(keptPath(root, name), path);
    await touch(path);
    return path;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** The sweep goes by the age of a folder. */
const touch = (path: string) => utimes(path, new Date(), new Date());
