import { readFileSync } from "node:fs";
import path from "node:path";

const read = (file: string) => {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
};

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * The commit of a folder, 40 hexadecimal digits: what its repository has checked out, else what the file REVISION says,
 * which an image has instead; null without both.
 */
export function readCommit(root: string): string | null {
  const git = path.join(root, ".git");
  const head = read(path.join(git, "HEAD"));
  const branch = head?.match(/^ref: (\S+)$/)?.[1];
  if (!branch) return (head ?? read(path.join(root, "REVISION")))?.match(COMMIT)?.[0] ?? null;
  const packed = read(path.join(git, "packed-refs"))
    ?.split("\n")
    .find((line) => line.endsWith(` ${branch}`));
  return read(path.join(git, branch)) ?? packed?.slice(0, 40) ?? null;
}
