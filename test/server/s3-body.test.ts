import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { readBody } from "../../server/storage/s3-body.ts";

const told = (error: unknown) => new Error(`told: ${(error as Error).name}`);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a content that stops coming is given up, and told", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const body = new PassThrough();
  const content = buffer(readBody(body, told));
  let ended = false;
  content.then(
    () => {},
    () => {
      ended = true;
    },
  );
  for (let piece = 0; piece < 3; piece++) {
    t.mock.timers.tick(29_000);
    body.write("x");
    await turn();
  }
  assert.equal(ended, false);
  t.mock.timers.tick(60_000);
  await assert.rejects(content, { message: "told: TimeoutError" });
  assert.equal(body.destroyed, true);
});

test("a reader may take longer than that", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const body = new PassThrough();
  const out = readBody(body, told);
  const whole = Buffer.alloc(1_000_000, "x");
  body.end(whole);
  for (let round = 0; round < 5; round++) {
    while (!out.writableNeedDrain) await turn();
    t.mock.timers.tick(40_000);
  }
  assert.deepEqual(await buffer(out), whole);
});

test("a reader that leaves ends the answer, and a way that breaks is told", async () => {
  const left = new PassThrough();
  const out = readBody(left, told);
  left.write("x");
  out.destroy();
  while (!left.destroyed) await turn();
  const broken = new PassThrough();
  const content = buffer(readBody(broken, told));
  broken.write("x");
  broken.destroy(Object.assign(new Error("reset"), { name: "Reset" }));
  await assert.rejects(content, { message: "told: Reset" });
});

test("a way that breaks before anybody reads is told to whoever reads then", async () => {
  for (const read of [buffer, (out: PassThrough) => pipeline(out, new PassThrough())]) {
    const body = new PassThrough();
    const out = readBody(body, told) as PassThrough;
    body.destroy(Object.assign(new Error("reset"), { name: "Reset" }));
    while (!out.closed) await turn();
    await assert.rejects(read(out), { message: "told: Reset" });
  }
});
