import { spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, readJson } from "./layout.mjs";
import { signal } from "./processes.mjs";

/** Many times what a quiet machine needs: only what hangs should end here. */
const FILE_TIMEOUT_MS = 900_000;
const TEST_TIMEOUT_MS = 600_000;
const GRACE_MS = 5_000;
const REPORTER = pathToFileURL(path.join(ROOT, "server/setup/test-reporter.mjs")).href;

/** Test files that run now, to be ended when the whole run is. */
const running = new Set();

/** Ends all running test files with what they started. */
export function stopTestFiles() {
  for (const child of running) signalGroup(child, "SIGKILL");
}

/**
 * Runs one test file in a process of its own and keeps its counts in `resultFile`. Answers
 * `{ passed, failed, seconds, output }`; a file that crashes or hangs has at least one failure.
 */
export async function runTestFile(file, { runtime, env, resultFile, timeoutMs = FILE_TIMEOUT_MS }) {
  const started = Date.now();
  const args = [
    `--test-timeout=${Math.min(TEST_TIMEOUT_MS, timeoutMs)}`,
    `--test-reporter=${REPORTER}`,
    file,
  ];
  const child = spawn(runtime, args, {
    cwd: ROOT,
    env: { ...env, TEST_RESULT: resultFile },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = await endOf(child, timeoutMs);
  const result = readJson(resultFile) ?? { passed: 0, failed: 0, open: [] };
  const problems = describeEnd(ended, result, timeoutMs);
  return {
    passed: result.passed,
    failed: result.failed + problems.length,
    seconds: (Date.now() - started) / 1000,
    output: [output, ...problems.map((problem) => `FAIL ${file}\n  ${problem}\n`)].join(""),
  };
}

/** What is wrong with the way a file ended, beyond its failing tests. */
function describeEnd({ code, signal: endSignal, hung }, result, timeoutMs) {
  const open = result.open.length > 0 ? ` Not finished: ${result.open.join(", ")}.` : "";
  if (hung) {
    const reason = open || " Its tests ended, but something was not closed.";
    return [`It was still running after ${timeoutMs / 1000} s.${reason}`];
  }
  if (!result.complete) return [`Its process ended early, with ${endSignal ?? `exit code ${code}`}.${open}`];
  if (result.passed + result.failed === 0) return ["It has no tests."];
  return code !== 0 && result.failed === 0
    ? [`Its process ended with ${endSignal ?? `exit code ${code}`}.`]
    : [];
}

/** Waits for the end of a process; asks it to end after `timeoutMs`, then makes it. */
async function endOf(child, timeoutMs) {
  running.add(child);
  let hung = false;
  const ask = setTimeout(() => {
    hung = true;
    child.kill("SIGTERM");
  }, timeoutMs);
  const insist = setTimeout(() => signalGroup(child, "SIGKILL"), timeoutMs + GRACE_MS);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => resolve({ code, signal, hung }));
    });
  } finally {
    clearTimeout(ask);
    clearTimeout(insist);
    running.delete(child);
  }
}

function signalGroup(child, name) {
  if (process.platform === "win32") child.kill(name);
  else signal(-child.pid, name);
}
