import "./node-version.mjs";

const fs = await import("node:fs");
const os = await import("node:os");
const path = await import("node:path");
const { main, setUp } = await import("./set-up.mjs");
const { capture, toolEnv } = await import("./run.mjs");
const { ROOT, SetupError } = await import("./layout.mjs");
const { endProcessesIn } = await import("./processes.mjs");
const { runTestFile, stopTestFiles } = await import("./test-file.mjs");
const { say } = await import("./progress.mjs");

const CONCURRENCY = Math.min(Math.max(os.availableParallelism(), 2), 8);

/** Settings that would send tests to a real database, a paid service or a real file store. */
const REAL_WORLD =
  /^(DATABASE_|PG|GENAPI_|S3_|REDIS_|WEBHOOK_|OPS_TOKEN$|ROLE$|PORT$|HOST$|PUBLIC_URL$|DATA_DIR$|UPLOAD_DIR$)/;

/** All test files below test/, or those whose path contains one of the filters. */
function findTests(filters) {
  const files = fs
    .readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".test.ts"))
    .sort();
  const wanted = filters.map((filter) => filter.replace(/^\.?\//, ""));
  const found =
    filters.length > 0 ? files.filter((file) => wanted.some((part) => file.includes(part))) : files;
  if (found.length === 0) throw new SetupError(`No file ….test.ts has ${filters.join(" or ")} in its path.`);
  return found;
}

async function findBrowser(runtime) {
  const { code, output } = await capture(runtime, ["test/support/find-browser.ts"], ROOT);
  if (code !== 0) throw new SetupError(output.trim());
  return output.trim();
}

/** Runs the files, a few at a time, and prints each when it ends. Answers the sums. */
async function runAll(files, runtime, temporary) {
  const kept = Object.entries(toolEnv(runtime)).filter(([name]) => !REAL_WORLD.test(name));
  const env = { ...Object.fromEntries(kept), NODE_ENV: "test", TMPDIR: temporary };
  const sums = { passed: 0, failed: 0 };
  const queue = files.entries();
  const work = async () => {
    for (const [index, file] of queue) {
      const resultFile = path.join(temporary, `result-${index}.json`);
      const { passed, failed, seconds, output } = await runTestFile(file, { runtime, env, resultFile });
      sums.passed += passed;
      sums.failed += failed;
      if (failed > 0) say(`\n${output.trimEnd()}`);
      const outcome =
        failed > 0 ? `FAIL ${file}: ${passed} passed, ${failed} failed` : `ok   ${file}: ${passed} passed`;
      say(`${outcome}, ${seconds.toFixed(1)} s`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return sums;
}

await main(async () => {
  const files = findTests(process.argv.slice(2));
  const runtime = await setUp({ page: true });
  const browser = await findBrowser(runtime);
  say(`${files.length} test files, ${CONCURRENCY} at a time; browser: ${browser}`);
  const temporary = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "p3d-test-"));
  // A database that was started by root runs as another user, who must be able to pass.
  fs.chmodSync(temporary, 0o755);
  const removeTemporary = () => fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      stopTestFiles();
      removeTemporary();
      say("\nStopped before the end.");
      process.exit(130);
    });
  }
  try {
    const { passed, failed } = await runAll(files, runtime, temporary);
    const left = await endProcessesIn(temporary);
    for (const { pid, command } of left) say(`FAIL A test left a process running: ${pid} ${command}`);
    say(`\n${passed} passed, ${failed + left.length} failed`);
    return failed + left.length === 0 ? 0 : 1;
  } finally {
    removeTemporary();
  }
});
