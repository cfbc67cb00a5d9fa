import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { withLock } from "../../server/setup/lock.mjs";

const MODULE = pathToFileURL(path.join(import.meta.dirname, "../../server/setup/lock.mjs")).href;

/** Takes the lock, notes that it came in and went out, a little apart. */
const SCRIPT = `
  import fs from "node:fs";
  import { setTimeout as sleep } from "node:timers/promises";
  import { withLock } from ${JSON.stringify(MODULE)};
  const [lock, log] = process.argv.slice(1);
  await withLock(lock, () => {}, async () => {
    fs.appendFileSync(log, "in\\n");
    await sleep(30);
    fs.appendFileSync(log, "out\\n");
  });
`;

async function inFolder(work: (folder: string) => Promise<void>) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "lock-"));
  try {
    await work(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid as number;
}

test("processes enter one after the other, past the lock of a dead one", () =>
  inFolder(async (folder) => {
    const [lock, log] = [path.join(folder, "lock"), path.join(folder, "log")];
    await fs.writeFile(lock, JSON.stringify({ pid: await deadPid(), host: os.hostname(), since: 1 }));
    const children = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", SCRIPT, lock, log], { stdio: "inherit" }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
    assert.deepEqual(codes, [0, 0, 0, 0, 0]);
    assert.equal(await fs.readFile(log, "utf8"), "in\nout\n".repeat(5));
    assert.deepEqual(await fs.readdir(folder), ["log"]);
  }));

test("the lock is given back when the work throws, and a waiting process is told who holds it", () =>
  inFolder(async (folder) => {
    const lock = path.join(folder, "lock");
    await assert.rejects(
      withLock(lock, assert.fail, async () => {
        throw new Error("broken work");
      }),
      /broken work/,
    );
    const holders: number[] = [];
    await withLock(lock, assert.fail, async () => {
      const second = withLock(
        lock,
        (pid: number) => holders.push(pid),
        async () => "second",
      );
      setTimeout(() => fs.rm(lock), 300);
      assert.equal(await second, "second");
    });
    assert.deepEqual(holders, [process.pid]);
  }));
