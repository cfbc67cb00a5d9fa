import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { endProcessesIn } from "../server/setup/processes.mjs";
import { smoke } from "../test/smoke/smoke.mjs";

/**
 * From a clean clone of HEAD: the README's test command, the checks, the page's build, and the smoke test in
 * another fresh clone. Needs git, Node 20.19 or newer and npm. The last line is `N passed, N failed`.
 */
const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const LIMITS_MS = { clone: 300_000, test: 3_000_000, check: 900_000, build: 300_000 };
const WHOLE_LIMIT_MS = 75 * 60_000;

/** Nothing of the caller's settings: what a newcomer's shell has. */
const SETTING =
  /^(NODE_ENV|NODE_OPTIONS|DATABASE_.*|PG.*|GENAPI_.*|S3_.*|REDIS_.*|ALERT_.*|BACKUP_.*|OTEL_.*|SENTRY_.*|PORT|HOST|PUBLIC_URL|DATA_DIR|UPLOAD_DIR|npm_(lifecycle|package|node|execpath).*|INIT_CWD)$/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING.test(name)));
env.PATH = env.PATH.split(path.delimiter)
  .filter((part) => !part.includes("node_modules"))
  .join(path.delimiter);

const sums = { passed: 0, failed: 0 };

async function check(title, work) {
  const started = Date.now();
  console.log(`\n--- ${title}`);
  try {
    const detail = await work();
    sums.passed += 1;
    console.log(`ok   ${title} (${seconds(started)}${detail ? `; ${detail}` : ""})`);
    return true;
  } catch (error) {
    sums.failed += 1;
    console.log(`FAIL ${title} (${seconds(started)})\n${error.message}`);
    throw error;
  }
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs a command line with its output shown; throws when it fails or takes longer than `limitMs`. */
function run(command, cwd, limitMs) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd,
      env,
      shell: true,
      detached: true,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const timer = setTimeout(() => {
      process.kill(-child.pid, "SIGKILL");
      reject(new Error(`\`${command}\` took longer than ${limitMs / 1000} s`));
    }, limitMs);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(`\`${command}\` ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

/** The command that the README gives for the tests. */
function testCommand(clone) {
  const readme = fs.readFileSync(path.join(clone, "README.md"), "utf8");
  const command = /`(npm (?:run )?test)`|^(npm (?:run )?test)$/m.exec(readme);
  assert.ok(command, "README.md names no test command");
  return command[1] ?? command[2];
}

async function main(folder) {
  const clone = path.join(folder, "clone");
  const fresh = path.join(folder, "fresh");
  const steps = [
    [
      "clean clones",
      async () => {
        for (const target of [clone, fresh]) {
          await run(`git clone --quiet --no-hardlinks "${ROOT}" "${target}"`, folder, LIMITS_MS.clone);
        }
      },
    ],
    ["the README's test command", () => run(testCommand(clone), clone, LIMITS_MS.test)],
    ["npm run check", () => run("npm run check", clone, LIMITS_MS.check)],
    ["npm run build", () => run("npm run build", clone, LIMITS_MS.build)],
    ["no process is left running", async () => assert.deepEqual(await endProcessesIn(clone), [])],
  ];
  for (const [title, work] of steps) await check(title, work).catch(() => {});
  await smoke(fresh, env, check).catch(() => {});
}

const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "photo-to-3d-ci-"));
fs.chmodSync(folder, 0o755);
const clean = async () => {
  await endProcessesIn(folder, 0);
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
};
for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => clean().finally(() => process.exit(130)));
const finish = async () => {
  await clean();
  console.log(`\n${sums.passed} passed, ${sums.failed} failed`);
  process.exit(sums.failed === 0 ? 0 : 1);
};
setTimeout(() => {
  sums.failed += 1;
  console.log(`FAIL All of it took longer than ${WHOLE_LIMIT_MS / 60_000} minutes.`);
  finish();
}, WHOLE_LIMIT_MS).unref();
await main(folder);
await finish();
