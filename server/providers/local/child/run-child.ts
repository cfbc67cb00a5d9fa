import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ChildMessage, type ChildTask } from "./messages.ts";
import { processorSeconds } from "./processor-time.ts";
import { residentBytes } from "./resident-memory.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const POLL_MS = 50;
const MAX_ERROR_CHARS = 2000;

export interface ChildLimits {
  /** Resident memory of the whole process. */
  memoryBytes: number;
  /** What it may compute, seconds of all its threads together: the same on a machine that is busy. */
  processorSeconds: number;
  /** From the start to the end, also where it computes nothing. */
  timeoutSeconds: number;
}

export interface ChildHooks {
  signal?: AbortSignal;
  onProgress?(percent: number): void;
  onStart?(pid: number): void;
}

export type ChildResult = Exclude<ChildMessage, { kind: "progress" }>;
export type ChildOutcome =
  | ChildResult
  | { kind: "out-of-memory"; rssBytes: number }
  | { kind: "timeout" }
  | { kind: "crashed"; message: string };

/**
 * Runs one task in a process of its own and kills it beyond the limits. The process is gone when this
 * settles. Throws only the reason of `signal`.
 */
export async function runChild(
  task: ChildTask,
  limits: ChildLimits,
  hooks: ChildHooks = {},
): Promise<ChildOutcome> {
  const { signal, onProgress, onStart } = hooks;
  signal?.throwIfAborted();
  const heapMegabytes = Math.max(16, Math.floor((limits.memoryBytes * 0.75) / 2 ** 20));
  const child = fork(MAIN, [], {
    // Nothing of the server's environment (keys, addresses) is the child's business.
    env: { MALLOC_ARENA_MAX: "2" },
    execArgv: [`--max-old-space-size=${heapMegabytes}`],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let outcome: ChildOutcome | null = null;
  const finishWith = (next: ChildOutcome) => {
    outcome ??= next;
    child.kill("SIGKILL");
  };
  const checkMemory = (rssBytes: number) => {
    if (rssBytes > limits.memoryBytes) finishWith({ kind: "out-of-memory", rssBytes });
  };
  const checkTime = (seconds: number) => {
    if (seconds > limits.processorSeconds) finishWith({ kind: "timeout" });
  };
  const errors = collectErrors(child);
  child.on("message", (raw) => {
    const message = ChildMessage.parse(raw);
    if (message.kind !== "progress") outcome ??= message;
    else {
      checkMemory(message.rssBytes);
      checkTime(message.processorSeconds);
      if (outcome === null) onProgress?.(message.percent);
    }
  });
  const abort = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", abort, { once: true });
  const watch = setInterval(() => {
    checkMemory(residentBytes(child.pid) ?? 0);
    checkTime(processorSeconds(child.pid) ?? 0);
  }, POLL_MS);
  const deadline = setTimeout(() => finishWith({ kind: "timeout" }), limits.timeoutSeconds * 1000);
  try {
    const closed = once(child, "close");
    child.once("spawn", () => {
      if (child.pid !== undefined) onStart?.(child.pid);
      child.send(task, () => undefined);
    });
    const [code, killedBy] = await closed;
    signal?.throwIfAborted();
    return outcome ?? { kind: "crashed", message: `Ended with ${killedBy ?? code}. ${errors()}`.trim() };
  } catch (error) {
    signal?.throwIfAborted();
    return outcome ?? { kind: "crashed", message: String(error) };
  } finally {
    clearInterval(watch);
    clearTimeout(deadline);
    signal?.removeEventListener("abort", abort);
  }
}

function collectErrors(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-MAX_ERROR_CHARS);
  });
  return () => text.trim();
}
