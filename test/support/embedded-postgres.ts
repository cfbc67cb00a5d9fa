import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isAlive, readPostmaster } from "../../server/database/embedded/postmaster-file.ts";

/** Many times what a busy machine needs. */
const PATIENCE_MS = 120_000;

/** What postgres-holder.ts answered, and the process. */
export interface Holder {
  child: ChildProcess;
  url: string;
  adopted: boolean;
  /** Why it could not start. */
  error?: string;
}

/** Starts the built-in database of a folder in another Node process, optionally as another user. */
export async function startHolder(
  dataFolder: string,
  account?: { uid: number; gid: number },
): Promise<Holder> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "postgres-holder.ts"), dataFolder], {
    stdio: ["pipe", "pipe", "inherit"],
    ...account,
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, ...JSON.parse(line) };
}

/** Lets a holder stop in order. */
export async function endHolder({ child }: Holder): Promise<void> {
  const exit = once(child, "exit");
  child.stdin?.end();
  await exit;
}

/** Kills a holder's Node process outright, and with it whatever else is given. */
export async function killHolder({ child }: Holder, ...others: number[]): Promise<void> {
  const exit = once(child, "exit");
  for (const pid of [...others, child.pid as number]) process.kill(pid, "SIGKILL");
  await exit;
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Tries until the server answers again. */
export async function queryWhenBack(url: string, sql: string): Promise<Record<string, unknown>[]> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(50)) {
    try {
      return await query(url, sql);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

export function serverPid(dataFolder: string): number {
  const found = readPostmaster(path.join(dataFolder, "cluster"));
  if (!found) throw new Error(`No PostgreSQL runs in ${dataFolder}`);
  return found.pid;
}

export async function untilGone(pid: number): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; isAlive(pid); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`Process ${pid} is still there`);
  }
}

/** The ids of all processes whose command line or working folder names the folder. */
export function processesOf(folder: string): number[] {
  return [...commandsOf(folder).keys()];
}

/** Waits for processes that end by themselves, but not at the very moment: those of a killed server or Node. */
export async function untilNoneOf(folder: string): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(20)) {
    const left = processesOf(folder);
    if (left.length === 0) return;
    if (performance.now() > deadline)
      throw new Error(`Processes of ${folder} are still there: ${left.join(", ")}`);
  }
}

/** The processes that wait to stop the folder's server. */
export function watchdogsOf(folder: string): number[] {
  return [...commandsOf(folder)].filter(([, command]) => command.includes("watchdog")).map(([pid]) => pid);
}

function commandsOf(folder: string): Map<number, string> {
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-Ao", "pid=,command="], { encoding: "utf8" }).split("\n");
    return new Map(
      lines.filter((line) => line.includes(folder)).map((line) => [Number.parseInt(line, 10), line]),
    );
  }
  const found = new Map<number, string>();
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (command.includes(folder) || fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) {
        found.set(Number(pid), command);
      }
    } catch {
      // Gone in the meantime, or somebody else's.
    }
  }
  return found;
}
