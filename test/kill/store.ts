import { readdir, utimes } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const TWO_DAYS_SECONDS = 2 * 86_400;
const SWEEP_MS = 60_000;

/** Says whose store it is; no row names it. */
const OWNER = /^owners\//;

/** Keys of all files in the store that no row names. */
export async function unnamedFiles(root: string, named: ReadonlySet<string>): Promise<string[]> {
  const files = await filesBelow(root);
  return files
    .map((file) => path.relative(root, file).replaceAll(path.sep, "/"))
    .filter((key) => !named.has(key) && !OWNER.test(key));
}

/** What `work` answers, or `otherwise` where a server has removed the file or folder meanwhile. */
const unlessGone = <T>(work: Promise<T>, otherwise: T): Promise<T> =>
  work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  });

const entriesOf = (folder: string) => unlessGone(readdir(folder, { withFileTypes: true }), []);

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith("."))
      .map((entry) => {
        const below = path.join(folder, entry.name);
        return entry.isDirectory() ? filesBelow(below) : [below];
      }),
  );
  return found.flat();
}

/** Lets two days pass for everything in the store, so that the next start sweeps what nothing names. */
export async function age(root: string): Promise<void> {
  const then = Date.now() / 1000 - TWO_DAYS_SECONDS;
  for (const entry of await entriesOf(root)) {
    const below = path.join(root, entry.name);
    if (entry.isDirectory()) await age(below);
    await unlessGone(utimes(below, then, then), undefined);
  }
}

/** Files that no row names, after the sweep had its time. */
export async function findOrphanFiles(root: string, named: ReadonlySet<string>): Promise<string[]> {
  for (const deadline = Date.now() + SWEEP_MS; ; await sleep(100)) {
    const orphans = await unnamedFiles(root, named);
    if (orphans.length === 0 || Date.now() > deadline) return orphans;
  }
}
