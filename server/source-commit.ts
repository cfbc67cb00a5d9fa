import { readFileSync } from "node:fs";
import path from "node:path";

const read = (file: string) => {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
};

/** The commit that is checked out in a folder, 40 hexadecimal digits; null where there is no repository. */
export function readCommit(root: string): string | null {
  const git = path.join(root, ".git");
  const head = read(path.join(git, "HEAD"));
  const branch = head?.match(/^ref: (\S+)$/)?.[1];
  if (!branch) return head?.match(/^[0-9a-f]{40}$/)?.[0] ?? null;
  const packed = read(path.join(git, "packed-refs"))
    ?.split("\n")
    .find((line) => line.endsWith(` ${branch}`));
  return read(path.join(git, branch)) ?? packed?.slice(0, 40) ?? null;
}
