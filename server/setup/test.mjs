import "./node-version.mjs";

const fs = await import("node:fs");
const os = await import("node:os");
const path = await import("node:path");
const { main, setUp } = await import("./set-up.mjs");
const { capture, foreground, toolEnv } = await import("./run.mjs");
const { readJson, ROOT, SetupError } = await import("./layout.mjs");
const { processesIn } = await import("./processes.mjs");
const { say } = await import("./progress.mjs");

const TIMEOUT_MS = 300_000;
const CONCURRENCY = Math.min(Math.max(os.availableParallelism(), 2), 8);

/** All test files below test/, or those whose path contains one of the filters. */
function findTests(filters) {
  const files = fs
    .readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".test.ts") && !name.includes("/fixtures/"))
    .sort();
  const wanted = filters.map((filter) => filter.replace(/^\.?\//, ""));
  return wanted.length === 0 ? files : files.filter((file) => wanted.some((filter) => file.includes(filter)));
}

async function findBrowser(runtime) {
  const { code, output } = await capture(runtime, ["test/support/find-browser.ts"], ROOT);
  if (code !== 0) throw new SetupError(output.trim());
  return output.trim();
}

/** Ends what the tests left running and says so. Answers how many there were. */
function endLeftovers(folder) {
  const left = processesIn(folder);
  for (const { pid, command } of left) {
    say(`A test left a process running: ${pid} ${command}`);
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
  return left.length;
}

/** Settings that would send tests to a real database, a paid service or a real file store. */
const REAL_WORLD =
  /^(DATABASE_|PG|GENAPI_|S3_|REDIS_|SMTP_|ROLE$|PORT$|HOST$|PUBLIC_URL$|DATA_DIR$|UPLOAD_DIR$)/;

async function runTests(runtime, files, temporary) {
  const own = Object.entries(toolEnv(runtime)).filter(([name]) => !REAL_WORLD.test(name));
  const resultFile = path.join(temporary, "result.json");
  const args = [
    "--test",
    `--test-concurrency=${CONCURRENCY}`,
    `--test-timeout=${TIMEOUT_MS}`,
    "--test-reporter=./server/setup/test-reporter.mjs",
    ...files,
  ];
  const env = { ...Object.fromEntries(own), NODE_ENV: "test", TMPDIR: temporary, TEST_RESULT: resultFile };
  const code = await foreground([{ command: runtime, args, env, leashed: true }]);
  const { passed, failed } = readJson(resultFile) ?? { passed: 0, failed: 0 };
  return { passed, failed: Math.max(failed, code === 0 ? 0 : 1) };
}

await main(async () => {
  const filters = process.argv.slice(2);
  const files = findTests(filters);
  if (files.length === 0) {
    throw new SetupError(`No test file has ${filters.join(" or ") || "the ending .test.ts"} in its path.`);
  }
  const runtime = await setUp({ page: true });
  const browser = await findBrowser(runtime);
  say(`${files.length} test files, ${CONCURRENCY} at a time; browser: ${browser}`);
  // Readable for others: a database that was started by root runs as another user.
  const temporary = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "photo-to-3d-test-"));
  fs.chmodSync(temporary, 0o755);
  try {
    const { passed, failed } = await runTests(runtime, files, temporary);
    const left = endLeftovers(temporary);
    say(`\n${passed} passed, ${failed + left} failed`);
    return failed + left === 0 ? 0 : 1;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
});
