import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ImageConfig } from "./built-image.ts";

const NODE_UID = 1000;

/** As an engine does: nothing but the data and /tmp can be written, no capability is left, the command is process 1. */
const SCRIPT = `set -e
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp"
mount --bind "$DATA" "$ROOT/data"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -o remount,bind,ro "$ROOT"
exec chroot "$ROOT" env -i -C "$WORKDIR" "$@"
`;
const PRIVILEGES = [
  ...["setpriv", "--reuid", String(NODE_UID), "--regid", String(NODE_UID), "--clear-groups"],
  ...["--no-new-privs", "--bounding-set", "-all", "--inh-caps", "-all"],
];

interface SandboxOptions {
  /** The image's files. */
  root: string;
  config: ImageConfig;
  /** Mounted at `/data`; belongs to the image's user. */
  data: string;
  /** Besides those of the image. */
  env: Record<string, string>;
}

/** A running command of an image. */
export interface Sandbox {
  /** What it has written so far, errors too. */
  output(): string;
  /** Of its first process, as this machine sees it: `NSpid`, `CapEff`, `NoNewPrivs`, `Uid`, … */
  status(): Promise<Record<string, string>>;
  /** SIGTERM to its first process; answers the exit code, null where it had to be killed. */
  stop(graceMs: number): Promise<number | null>;
}

/** Runs a command in an image's files, the image's own by default. It shares the network of this machine. */
export function runInSandbox(
  { root, config, data, env }: SandboxOptions,
  command = config.Cmd,
): Sandbox & { ended: Promise<number | null> } {
  const settings = [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const child = spawn(
    "unshare",
    [
      ...["--mount", "--pid", "--ipc", "--fork", "--kill-child"],
      ...["sh", "-c", SCRIPT, "sandbox", ...settings, ...PRIVILEGES, ...command],
    ],
    {
      env: { PATH: process.env.PATH, ROOT: root, DATA: data, WORKDIR: config.WorkingDir },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (written += text));
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  process.once("exit", () => child.kill("SIGKILL"));
  return {
    ended,
    output: () => written,
    status: async () => parseStatus(await readFile(`/proc/${await firstProcess(child)}/status`, "utf8")),
    async stop(graceMs) {
      process.kill(await firstProcess(child), "SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      const code = await ended;
      clearTimeout(killer);
      return code;
    },
  };
}

/** `unshare` only waits; its child is process 1 of the sandbox. */
async function firstProcess({ pid }: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return Number(children.trim());
}

const parseStatus = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .trim()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );

/** Waits until `isSo` or the sandbox has ended, which throws what it said. */
export async function untilIn(
  sandbox: ReturnType<typeof runInSandbox>,
  isSo: () => Promise<boolean>,
): Promise<void> {
  let hasEnded = false;
  void sandbox.ended.then(() => {
    hasEnded = true;
  });
  while (!(await isSo().catch(() => false))) {
    if (hasEnded) throw new Error(`It ended instead:\n${sandbox.output()}`);
    await sleep(100);
  }
}
