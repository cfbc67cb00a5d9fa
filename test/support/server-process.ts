import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import fs from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SERVER_ARGS, serverEnv } from "../../server/setup/server-command.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Many times what a busy machine needs: three files at a time share two cores. */
const START_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 120_000;

/** The real server as a child process. */
export interface ServerProcess {
  url: string;
  pid: number;
  child: ChildProcess;
  /** From spawn to the first 200 of `/health/ready`, milliseconds. */
  startMs: number;
  /** Asks it to end and answers its exit code; null where it had to be killed. */
  stop(): Promise<number | null>;
  /** Ends it at once, as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Below those that systems give to outgoing connections and to `listen(0)`, which may take a port at any moment. */
const PORTS = { from: 12_000, to: 32_000 };

/**
 * Whether this process is the one that may use a port, until it ends: it holds the port of the same number for
 * datagrams, which nobody else wants. Whoever was given a port may not listen yet, or not for a moment.
 */
async function claimPort(port: number): Promise<boolean> {
  const claim = createSocket("udp4").unref();
  claim.bind({ port, address: "127.0.0.1", exclusive: true });
  return once(claim, "listening").then(
    () => true,
    () => false,
  );
}

/** A port of this machine that nobody listens on now, and that no other test is given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (!(await claimPort(port))) continue;
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}

/**
 * Starts the server on loopback with its data in `folder` and waits until it is ready; on a free port, or that of the
 * settings; `root` is a checkout of the product. Throws with the end of its log when it ends or isn't ready in time.
 */
export async function startServer(
  folder: string,
  settings: Record<string, string> = {},
  onSpawn: (child: ChildProcess) => void = () => {},
  root = ROOT,
): Promise<ServerProcess> {
  const port = Number(settings.PORT) || (await freePort());
  const log = path.join(folder, "server.log");
  const output = fs.openSync(log, "a");
  const env = serverEnv({
    PATH: process.env.PATH,
    // Set by the runner: each start loads the same modules.
    ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
    HOME: folder,
    TMPDIR: folder,
    HOST: "127.0.0.1",
    PORT: String(port),
    LOG_LEVEL: "warn",
    MONITORING_INTERVAL: "0",
    BACKUP_SCHEDULE: "off",
    DATA_DIR: path.join(folder, "data"),
    UPLOAD_DIR: path.join(folder, "uploads"),
    ...settings,
  });
  const startedAt = performance.now();
  const child = spawn(process.execPath, SERVER_ARGS, {
    cwd: root,
    env,
    stdio: ["ignore", output, output],
  });
  fs.closeSync(output);
  onSpawn(child);
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (hasEnded || performance.now() - startedAt > START_TIMEOUT_MS) {
      child.kill("SIGKILL");
      throw new Error(`The server did not get ready:\n${fs.readFileSync(log, "utf8").slice(-2000)}`);
    }
    await sleep(10);
  }
  const startMs = performance.now() - startedAt;
  return { url, pid: child.pid!, child, startMs, stop: () => stop(child), kill: () => kill(child) };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(killer);
  return child.exitCode;
}
