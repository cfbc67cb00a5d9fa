import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { freePort } from "../server-process.ts";
import { environmentOf, type RedisServer } from "./find-redis-server.ts";
import type { Listener } from "./test-redis.ts";

/** A real Redis on loopback that keeps nothing on the disk. */
export async function startRealRedis(program: RedisServer, password: string): Promise<Listener> {
  let port = await freePort();
  let child = await serve(program, port, password);
  // Somebody else was faster.
  while (!child) {
    port = await freePort();
    child = await serve(program, port, password);
  }
  const killAtEnd = () => void child?.kill("SIGKILL");
  process.once("exit", killAtEnd);
  const stop = async () => {
    if (!child) return;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
    child = null;
  };
  return {
    name: `redis-server ${program.version}`,
    port,
    stop,
    async start() {
      child = await serve(program, port, password);
      if (!child) throw new Error(`The port ${port} was taken meanwhile`);
    },
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async dispose() {
      await stop();
      process.off("exit", killAtEnd);
    },
  };
}

/** Null where it ended instead of listening. */
async function serve(program: RedisServer, port: number, password: string): Promise<ChildProcess | null> {
  const settings = { bind: "127.0.0.1", port, save: "", appendonly: "no", requirepass: password };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(program.command, args, {
    env: environmentOf(program),
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface(child.stdout!)) {
    if (!/Ready to accept connections/.test(line)) continue;
    child.stdout!.resume();
    return child;
  }
  return null;
}
