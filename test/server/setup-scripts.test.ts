import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { explainInstallFailure } from "../../server/setup/failures.mjs";
import { readJson } from "../../server/setup/layout.mjs";
import { digestPage, pageIsStale } from "../../server/setup/page.mjs";
import { runTestFiles } from "../../server/setup/run-test-files.mjs";
import { runTestFile } from "../../server/setup/test-file.mjs";

const run = promisify(execFile);
const SETUP = path.join(import.meta.dirname, "../../server/setup");

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "scripts-"));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

for (const [printed, said] of [
  ["npm error code ENOSPC\nnpm error nospc There appears to be insufficient space", /disk is full/],
  [
    "npm error code ENOTFOUND\nnpm error network request to https://r.example failed",
    /registry can't be reached/,
  ],
  ["npm error code EACCES\nnpm error syscall mkdir", /belongs to another user/],
  ["npm error code EUSAGE\nnpm error `npm ci` can only install packages when", /don't fit together/],
  ["npm error code E401\nnpm error Incorrect or missing password.", /without signing in/],
  ["npm error code ETARGET\nnpm error notarget No matching version", /does not have one of the packages/],
  ["npm error code SELF_SIGNED_CERT_IN_CHAIN", /NODE_EXTRA_CA_CERTS/],
  ["npm error code EROFS", /can only be read/],
  ["something else", /exit code 7.*npm ci/],
] as const) {
  test(`a failed install is explained: ${printed.split("\n")[0]}`, () => {
    assert.match(explainInstallFailure(`npm warn old thing\n${printed}`, 7).message, said);
  });
}

test("a Node that is too old is told so in one sentence", async () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.18.3"})';
  const script = path.join(SETUP, "start.mjs");
  await assert.rejects(
    run(process.execPath, ["--import", older, script]),
    (error: { stderr: string; code: number }) => {
      assert.equal(error.code, 1);
      assert.match(
        error.stderr.trim(),
        /^This needs Node\.js 20\.19 or newer; this is 20\.18\.3\. .*nodejs\.org.*$/,
      );
      return true;
    },
  );
});

test("the page is stale until built, and again when a source changes", async () => {
  await fs.mkdir(path.join(folder, "web/dist"), { recursive: true });
  await fs.writeFile(path.join(folder, "web/index.html"), "one");
  assert.equal(pageIsStale(folder), true);
  await fs.writeFile(path.join(folder, "web/dist/index.html"), "built");
  await fs.writeFile(
    path.join(folder, "web/dist/.setup.json"),
    JSON.stringify({ sources: digestPage(folder) }),
  );
  assert.equal(pageIsStale(folder), false);
  await fs.writeFile(path.join(folder, "web/index.html"), "two");
  assert.equal(pageIsStale(folder), true);
});

test("signals reach the command once, and it ends with the script that started it", async () => {
  const child = path.join(folder, "child.mjs");
  await fs.writeFile(
    child,
    `let count = 0;
     process.on("SIGTERM", () => { count += 1; setTimeout(() => { console.log("signals", count); process.exit(7); }, 200); });
     setInterval(() => {}, 1000); console.log("up", process.pid);`,
  );
  const script = `
    import { foreground } from ${JSON.stringify(pathToFileURL(path.join(SETUP, "run.mjs")).href)};
    process.exitCode = await foreground([{ command: process.execPath, args: [${JSON.stringify(child)}], leashed: true }]);`;
  const start = () =>
    spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  for (const { signal, code } of [
    { signal: "SIGTERM", code: 7 },
    { signal: "SIGKILL", code: null },
  ] as const) {
    const parent = start();
    let output = "";
    parent.stdout.setEncoding("utf8").on("data", (text) => {
      if (!output) parent.kill(signal);
      if (!output && signal === "SIGTERM") parent.kill(signal);
      output += text;
    });
    const exit = once(parent, "exit");
    await once(parent.stdout, "end");
    assert.match(output, /signals 1/);
    assert.equal((await exit)[0], code);
  }
});

const CASES = {
  "good.test.ts": ['test("good", () => {});', 1, 0, /^$/],
  "bad.test.ts": [
    'test("bad", () => { throw new Error("broken thing"); });',
    0,
    1,
    /FAIL bad\n {2}Error: broken thing/,
  ],
  "skipped.test.ts": ['test("left out", { skip: true }, () => {});', 0, 1, /FAIL left out/],
  "early.test.ts": [
    'test("early", () => { setTimeout(() => process.exit(0), 1); return new Promise(() => {}); });',
    0,
    1,
    /ended early, with exit code 0. Not finished: early/,
  ],
  "late.test.ts": [
    'test("first", () => { setTimeout(() => Promise.reject(new Error("too late")), 1); }); test("second", () => new Promise((end) => setTimeout(end, 100)));',
    2,
    1,
    /activity after the test ended\..*too late/,
  ],
  "hung.test.ts": [
    'test("done", () => {}); setInterval(() => {}, 1000);',
    1,
    1,
    /still running after 2 s. Its tests ended/,
  ],
} as const;
for (const [name, [body, passed, failed, said]] of Object.entries(CASES)) {
  test(`the test runner counts ${name}`, async (t) => {
    const file = path.join(folder, name);
    await fs.writeFile(file, `import { test } from "node:test";\n${body}\n`);
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const resultFile = path.join(folder, "result.json");
    // No time passes, however slowly the file begins, before its test has ended.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const running = runTestFile(file, { runtime: process.execPath, env, resultFile, timeoutMs: 2_000 });
    if (name === "hung.test.ts") {
      while (readJson(resultFile)?.passed !== 1) await sleep(50);
      t.mock.timers.tick(2_000);
    }
    const result = await running;
    assert.deepEqual({ passed: result.passed, failed: result.failed }, { passed, failed }, result.output);
    assert.match(result.output, said);
  });
}

test("heavy files wait for each other, and the others pass them by", async () => {
  const log = path.join(folder, "order");
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const write = async (name: string, body: string) => {
    const file = path.join(folder, name);
    await fs.writeFile(
      file,
      `import { appendFileSync, readFileSync } from "node:fs"; import { setTimeout as sleep } from "node:timers/promises";
       import { test } from "node:test";
       const say = (word) => appendFileSync(${JSON.stringify(log)}, word + "\\n");
       const said = () => readFileSync(${JSON.stringify(log)}, "utf8");
       test("one", async () => { ${body} });`,
    );
    return file;
  };
  // The first heavy one ends only when the light one, which comes last, has run.
  const first = await write(
    "heavy-1.test.mjs",
    `say("first"); while (!said().includes("light")) await sleep(20); say("first ends");`,
  );
  const second = await write("heavy-2.test.mjs", `say("second");`);
  const light = await write("light.test.mjs", `say("light");`);
  await fs.writeFile(log, "");
  const bounds = { concurrency: 2, isHeavy: (file: string) => file.includes("heavy"), heavyAtOnce: 1 };
  const options = { runtime: process.execPath, env, temporary: folder, repeat: false, ...bounds };
  const { passed, failed } = await runTestFiles([first, second, light], options);
  assert.deepEqual({ passed, failed }, { passed: 3, failed: 0 });
  const order = (await fs.readFile(log, "utf8")).trim().split("\n");
  assert.deepEqual(
    order.filter((word) => word !== "light"),
    ["first", "first ends", "second"],
  );
});

test("of few failed files each is run once more, and what passes then is called unsteady, but has failed", async () => {
  const write = async (name: string, test: string) => {
    const file = path.join(folder, name);
    await fs.writeFile(
      file,
      `import { existsSync, writeFileSync } from "node:fs"; import { test } from "node:test"; ${test}`,
    );
    return file;
  };
  const mark = JSON.stringify(path.join(folder, "mark"));
  const unsteady = await write(
    "unsteady.test.ts",
    `test("second", () => { if (!existsSync(${mark})) { writeFileSync(${mark}, ""); throw new Error("first"); } });`,
  );
  const broken = await write("broken.test.ts", `test("never", () => { throw new Error("always"); });`);
  const fine = await write("fine.test.ts", `test("fine", () => {});`);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const options = { runtime: process.execPath, env, temporary: folder, concurrency: 2 };
  assert.deepEqual(await runTestFiles([unsteady, broken, fine], { ...options, repeat: true }), {
    passed: 1,
    failed: 2,
    unsteady: [unsteady],
  });
  await fs.rm(path.join(folder, "mark"));
  assert.deepEqual(await runTestFiles([unsteady, fine], { ...options, repeat: false }), {
    passed: 1,
    failed: 1,
    unsteady: [],
  });
});
