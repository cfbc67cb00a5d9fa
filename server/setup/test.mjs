import "./node-version.mjs";

const { spawn } = await import("node:child_process");
const fs = await import("node:fs");
const os = await import("node:os");
const path = await import("node:path");
const { main, setUp } = await import("./set-up.mjs");
const { capture, toolEnv } = await import("./run.mjs");
const { ROOT, SetupError } = await import("./layout.mjs");
const { endProcessesIn } = await import("./processes.mjs");
const { runTestFiles } = await import("./run-test-files.mjs");
const { stopTestFiles } = await import("./test-file.mjs");
const { say } = await import("./progress.mjs");

const CORES = os.availableParallelism();
/** Half as many again would end a tenth sooner, and what waits for others would wait longer. */
const CONCURRENCY = Math.min(Math.max(CORES, 2), 8);

/** Those with a browser, wherever they lie: it draws in software and keeps two cores busy by itself. */
const isHeavy = (file) =>
  file.startsWith("test/e2e/") || fs.readFileSync(path.join(ROOT, file), "utf8").includes("launchBrowser(");
const HEAVY_AT_ONCE = Math.max(Math.floor(CORES / 2), 1);

/**
 * What takes longest begins first, so that none of it runs alone at the end; then the files with a browser, which
 * wait for each other.
 */
const LONGEST = [
  "kill-callbacks",
  "viewer",
  "submit-retries",
  "kill-plain",
  "cluster",
  "journey-desktop",
  "local-ground-truth",
  "journey-phone",
  "provider-outage",
  "restart",
  "disk-full",
  "result-checks",
  "faults-database",
  "budget",
  "fuzz",
  "route-walk",
  "local-generator",
  "webhook-replicas",
  "cutouts",
  "faults-replicas",
  "local-generations",
  "provider-pause",
];
const rankOf = (file) =>
  LONGEST.indexOf(path.basename(file, ".test.ts")) + 1 || LONGEST.length + (isHeavy(file) ? 1 : 2);

/** Settings that would send tests to a real database, a paid service or a real file store. */
const REAL_WORLD =
  /^(DATABASE_|PG|GENAPI_|S3_|REDIS_|WEBHOOK_|ALERT_|BACKUP_|OTEL_|SENTRY_|OPS_TOKEN$|ROLE$|PORT$|HOST$|PUBLIC_URL$|DATA_DIR$|UPLOAD_DIR$)/;

/** All test files below test/, or those whose path contains one of the filters. */
function findTests(filters) {
  const files = fs
    .readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .sort((a, b) => rankOf(a) - rankOf(b));
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

function testEnv(runtime, temporary) {
  const kept = Object.entries(toolEnv(runtime)).filter(([name]) => !REAL_WORLD.test(name));
  // Each file loads the same modules in a process of its own.
  const NODE_COMPILE_CACHE = path.join(ROOT, "node_modules/.cache/compiled");
  return { ...Object.fromEntries(kept), NODE_ENV: "test", TMPDIR: temporary, NODE_COMPILE_CACHE };
}

/** Keeps the tests' database up during `work`: to stop and start it between two files takes seconds. */
async function withDatabase(runtime, env, work) {
  const holder = spawn(runtime, ["test/support/database-holder.ts"], {
    cwd: ROOT,
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise((resolve) => holder.once("close", resolve).once("error", resolve));
  // It may have died; then every file starts the database by itself.
  holder.stdin.on("error", () => {});
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
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
    const env = testEnv(runtime, temporary);
    const isWhole = files.length > CONCURRENCY;
    const bounds = { concurrency: CONCURRENCY, isHeavy, heavyAtOnce: HEAVY_AT_ONCE };
    const options = { runtime, env, temporary, repeat: isWhole, ...bounds };
    const run = () => runTestFiles(files, options);
    const { passed, failed, unsteady } = await (isWhole ? withDatabase(runtime, env, run) : run());
    const left = await endProcessesIn(temporary);
    for (const { pid, command } of left) say(`FAIL A test left a process running: ${pid} ${command}`);
    const note = unsteady.length > 0 ? ` (${unsteady.length} of the files passed when they ran alone)` : "";
    say(`\n${passed} passed, ${failed + left.length} failed${note}`);
    return failed + left.length === 0 ? 0 : 1;
  } finally {
    removeTemporary();
  }
});
