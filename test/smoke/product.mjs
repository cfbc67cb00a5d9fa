import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import net from "node:net";
import { endProcessesIn, processesIn, signal } from "../../server/setup/processes.mjs";
import { until } from "./steps.mjs";

/** With the installation, which waits for a registry. */
const START_LIMIT_MS = 900_000;
const STOP_LIMIT_MS = 40_000;

/**
 * Starts the product of a folder by `npm start` on a free port. Answers when it is ready: its address, how long
 * that took, all it printed, and `stop()`, which asks it to end and checks that it does so cleanly.
 */
export async function startProduct(folder, env) {
  const port = await freePort();
  const started = Date.now();
  const child = spawn("npm", ["start"], {
    cwd: folder,
    env: { ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  const exit = new Promise((resolve) => child.on("exit", (code, name) => resolve(code ?? name)));
  let ended = false;
  exit.then(() => (ended = true));
  const address = `http://127.0.0.1:${port}`;
  try {
    await until("npm start gets ready", START_LIMIT_MS, async () => {
      assert.ok(!ended, "npm start ended early");
      return (await fetch(`${address}/health/ready`)).ok && output.includes(`:${port}`);
    });
  } catch (error) {
    await endProcessesIn(folder, 0);
    throw new Error(`${error.message}\n${output}`);
  }
  const startSeconds = (Date.now() - started) / 1000;
  return { address, startSeconds, output: () => output, stop: () => stop(folder, exit) };
}

async function stop(folder, exit) {
  const script = processesIn(folder).find(({ command }) =>
    /^\S*node\S* server\/setup\/start\.mjs/.test(command),
  );
  assert.ok(script, "the start script is not running");
  signal(script.pid, "SIGTERM");
  const limit = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS, "nothing: it goes on").unref());
  const code = await Promise.race([exit, limit]);
  const left = await endProcessesIn(folder);
  assert.equal(code, 0, `npm start ended with ${code}`);
  assert.deepEqual(left, [], "processes were left running");
}

/** Below the ports that outgoing connections get: the installation, which comes first, has hundreds of those. */
function freePort() {
  return new Promise((resolve) => {
    const port = randomInt(12_000, 32_000);
    const server = net.createServer().on("error", () => resolve(freePort()));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}
