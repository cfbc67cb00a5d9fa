import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Live processes that belong to a folder: its path is in their command line, their environment (Linux) or is
 * their working folder.
 * Answers `[{ pid, command }]`, without this process and its ancestors. On Windows always empty.
 */
export function processesIn(folder) {
  if (process.platform === "win32") return [];
  const all = process.platform === "linux" ? fromProc() : fromPs();
  const spared = ancestors(all);
  const within = (text) => text === folder || text.includes(`${folder}/`);
  return all
    .filter(({ pid, evidence }) => !spared.has(pid) && evidence.some(within))
    .map(({ pid, command }) => ({ pid, command: command.slice(0, 200) }));
}

/** Gives what belongs to a folder and is still ending a moment, then ends the rest by force and answers it. */
export async function endProcessesIn(folder, graceMs = 6_000) {
  const deadline = Date.now() + graceMs;
  let left = processesIn(folder);
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(100);
    left = processesIn(folder);
  }
  for (const { pid } of left) signal(pid, "SIGKILL");
  return left;
}

/** Sends a signal; a process that is gone already is fine. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function fromProc() {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = fs.readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        const [state, parent] = fs.readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1).split(" ");
        if (!command || state === "Z") return [];
        const evidence = [command, folderOf(name), ...environmentOf(name)];
        return [{ pid: Number(name), parent: Number(parent), command, evidence }];
      } catch {
        return [];
      }
    });
}

const orElse = (fallback, read) => {
  try {
    return read();
  } catch {
    return fallback;
  }
};
const folderOf = (pid) => orElse("", () => fs.readlinkSync(`/proc/${pid}/cwd`));
const environmentOf = (pid) =>
  orElse([], () =>
    fs
      .readFileSync(`/proc/${pid}/environ`, "utf8")
      .split("\0")
      .map((setting) => setting.slice(setting.indexOf("=") + 1)),
  );

function fromPs() {
  const lines = execFileSync("ps", ["-Ao", "pid=,ppid=,command="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command ? [{ pid: Number(pid), parent: Number(parent), command, evidence: [command] }] : [];
  });
}

function ancestors(all) {
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const line = new Set();
  for (let pid = process.pid; pid && !line.has(pid); pid = parents.get(pid)) line.add(pid);
  return line;
}
