import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The ids of a process' children. */
export function childrenOf(parent: number): number[] {
  const list =
    process.platform === "linux"
      ? readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8")
      : execFileSync("ps", ["-Ao", "ppid=,pid="], { encoding: "utf8" })
          .split("\n")
          .map((line) => new RegExp(`^\\s*${parent}\\s+(\\d+)`).exec(line)?.[1] ?? "")
          .join(" ");
  return (list.match(/\d+/g) ?? []).map(Number);
}
