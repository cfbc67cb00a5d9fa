import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger, inStory, type RootLogger, tailOf, tellStory } from "../../server/logger.ts";

const MEBIBYTE = 1024 ** 2;

/** A logger that writes no line to the console of the tests. */
function quietLogger(folder: string | null): RootLogger {
  const logger = createLogger({ level: "info", json: true, folder });
  logger.transports[0].silent = true;
  return logger;
}

/** `combined4.log` holds the oldest lines, `combined.log` the newest. */
const byAge = (one: string, other: string) =>
  (/\d/.exec(other)?.[0] ?? "0").localeCompare(/\d/.exec(one)?.[0] ?? "0");

const linesOf = async (file: string) =>
  (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { message: string; level: string; number?: number });

it("the log's files rotate: the newest lines under the plain name, five files of ten megabytes at most", async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), "log-files-"));
  const folder = path.join(root, "not", "there", "yet");
  const logger = quietLogger(folder);
  try {
    const filling = "all is well. ".repeat(MEBIBYTE / 13);
    const LINES = 66;
    for (let number = 0; number < LINES; number++) {
      logger.log(number % 10 === 0 ? "error" : "info", "A long line", { number, filling });
      if (number % 3 === 0) await sleep(1);
    }
    // A file that is being rotated has no plain name for a moment.
    const endOf = async (name: string) =>
      (await readFile(path.join(folder, name), "utf8").catch(() => "")).slice(-200);
    const areWritten = async () =>
      /"number":65,.*}\n$/.test(await endOf("combined.log")) &&
      /"number":60,.*}\n$/.test(await endOf("error.log"));
    for (let tries = 0; tries < 1200 && !(await areWritten()); tries++) await sleep(50);
    const files = (await readdir(folder)).sort();
    assert.deepEqual(files, [
      "combined.log",
      "combined1.log",
      "combined2.log",
      "combined3.log",
      "combined4.log",
      "error.log",
    ]);
    for (const file of files) {
      const { size } = await stat(path.join(folder, file));
      assert.ok(size <= 13 * MEBIBYTE, `${file} has ${size} bytes`);
    }
    const kept: number[] = [];
    for (const file of files.filter((name) => name.startsWith("combined")).sort(byAge)) {
      kept.push(...(await linesOf(path.join(folder, file))).map(({ number }) => number!));
    }
    // None is lost, and the newest stand in the file without a number.
    assert.deepEqual(
      kept,
      Array.from({ length: kept.length }, (_, at) => LINES - kept.length + at),
    );
    assert.ok(kept.length > 40);
    const errors = await linesOf(path.join(folder, "error.log"));
    assert.deepEqual(new Set(errors.map(({ level }) => level)), new Set(["error"]));
    assert.equal(errors.length, 7);
  } finally {
    logger.close();
    await rm(root, { recursive: true, force: true });
  }
});

it("what is kept of the log in memory is bounded, and a huge line is shortened", () => {
  const logger = quietLogger(null);
  const tail = tailOf(logger);
  for (let number = 0; number < 12_000; number++) logger.info("Short", { number });
  const kept = tail.newest({ lines: 1e6 });
  assert.equal(kept.length, 5000);
  assert.equal(kept[0].number, 11_999);
  assert.equal(kept.at(-1)!.number, 7000);

  logger.info("x".repeat(MEBIBYTE), { requestId: "request-1" });
  const [huge] = tail.newest({ lines: 1 });
  assert.ok(huge.message.length < 10_000);
  assert.equal(huge.requestId, "request-1");

  for (let number = 0; number < 1000; number++) logger.info("Wide", { number, text: "y".repeat(20_000) });
  const wide = tail.newest({ lines: 1e6 });
  assert.ok(JSON.stringify(wide).length < 5 * MEBIBYTE);
  assert.equal(wide[0].number, 999);
});

it("what turns out about a story is in its further lines, and in no other story's", () => {
  const logger = quietLogger(null);
  inStory({ requestId: "one" }, () => {
    logger.info("before");
    tellStory({ userId: "ada" });
    inStory({ job: "inner" }, () => tellStory({ userId: "bob" }));
    logger.info("after");
  });
  tellStory({ userId: "nobody" });
  logger.info("outside");
  const facts = tailOf(logger).newest({ lines: 3 }).reverse();
  assert.deepEqual(
    facts.map(({ requestId, userId }) => [requestId, userId]),
    [
      ["one", undefined],
      ["one", "ada"],
      [undefined, undefined],
    ],
  );
});
