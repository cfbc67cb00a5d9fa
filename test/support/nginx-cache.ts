import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** Files that are in their place; what is still being written has a longer name. */
const KEPT = /^[0-9a-f]{32}$/;

/** What an nginx keeps in a folder (`proxy_cache_path`), by the keys that it writes into its files. */
export async function keptKeys(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && KEPT.test(entry.name));
  const contents = await Promise.all(
    files.map(({ parentPath, name }) => readFile(path.join(parentPath, name), "latin1")),
  );
  return new Set(contents.map((content) => /\nKEY: (.*)\n/.exec(content)![1]));
}
