import { spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./layout.mjs";

const windows = process.platform === "win32";
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"];
const LEASH = pathToFileURL(path.join(ROOT, "server/setup/leash.mjs")).href;

/** The environment in which the tools of node_modules, and its Node, come first. */
export function toolEnv(runtime, env = process.env) {
  const nameOfPath = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return { ...env, [nameOfPath]: [path.dirname(runtime), env[nameOfPath]].join(path.delimiter) };
}

/** Runs a command to its end and answers its exit code and all it printed. */
export function capture(command, args, cwd, env = toolEnv(command)) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs commands in the foreground until the first of them ends, then stops the others; answers the first one's
 * exit code. Signals are passed on once: the children have a session of their own, so that the terminal's
 * Ctrl-C, npm and this process don't send three of them. A leashed command also ends when this process is killed.
 */
export function foreground(commands) {
  return new Promise((resolve, reject) => {
    let first = null;
    const children = commands.map(({ command, args, env, cwd = ROOT, leashed = false }) => {
      const child = spawn(command, leashed ? ["--import", LEASH, ...args] : args, {
        cwd,
        env: { ...(env ?? toolEnv(command)), SETUP_PARENT_PID: String(process.pid) },
        stdio: leashed ? ["inherit", "inherit", "inherit", "pipe"] : "inherit",
        detached: !windows,
      });
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        first ??= code ?? (signal === "SIGINT" ? 130 : 143);
        for (const other of children) if (isRunning(other)) other.kill("SIGTERM");
        if (!children.some(isRunning)) finish();
      });
      return child;
    });
    let last = { signal: null, at: 0 };
    const pass = (signal) => {
      const repeated = last.signal === signal && Date.now() - last.at < 1_000;
      last = { signal, at: Date.now() };
      if (repeated || windows) return;
      for (const child of children)
        if (isRunning(child)) child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
    };
    for (const signal of PASSED_ON) process.on(signal, pass);
    const watch = watchNpm(() => pass("SIGTERM"));
    const finish = () => {
      clearInterval(watch);
      for (const signal of PASSED_ON) process.off(signal, pass);
      resolve(first);
    };
  });
}

/**
 * npm starts a script through a shell that dies of a signal without passing it on. Calls `onGone` when that shell,
 * and so npm, is gone. Does nothing when a person started the script.
 */
function watchNpm(onGone) {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event || windows) return undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 250);
  return timer;
}

const isRunning = (child) => child.exitCode === null && child.signalCode === null;
