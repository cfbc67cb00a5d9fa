import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createWorkerPool } from "../../server/assets/worker-pool.ts";
import { AppError } from "../../server/errors.ts";
import type { Behaviour } from "../support/unruly-worker.ts";

const createPool = () =>
  createWorkerPool<Behaviour, string, string>({
    file: new URL("../support/unruly-worker.ts", import.meta.url),
    threads: 1,
    timeLimitSeconds: 1,
    maxHeapMegabytes: 32,
  });
const pool = createPool();
after(() => pool.dispose());

type Options = Omit<Parameters<typeof pool.run>[1], "onCrash">;
const run = (behaviour: Behaviour, options: Options = {}) =>
  pool.run(behaviour, { ...options, onCrash: (cause) => new AppError("photo-damaged", { cause }) });

describe("worker pool", () => {
  it("brings back values, messages and known errors", async () => {
    const messages: string[] = [];
    assert.equal(await run("echo", { onMessage: (message) => messages.push(message) }), "echo");
    assert.deepEqual(messages, ["doing echo"]);
    await assert.rejects(run("app-error"), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, "model-invalid");
      assert.deepEqual(error.detail, { en: "odd", ru: "странно" });
      return true;
    });
    await assert.rejects(run("no-space"), { code: "disk-full" });
  });

  it("does not dress up a bug", async () => {
    await assert.rejects(run("bug"), /a bug/);
  });

  for (const behaviour of ["hang", "wait", "eat-memory"] as const) {
    it(`ends a worker that does "${behaviour}" and goes on`, async () => {
      await assert.rejects(run(behaviour), { code: "photo-damaged" });
      assert.equal(await run("echo"), "echo");
    });
  }

  it("counts the time from the start of the work, not of the wait", async () => {
    const first = assert.rejects(run("hang"), { code: "photo-damaged" });
    const second = assert.rejects(run("hang"), { code: "photo-damaged" });
    assert.equal(await run("echo"), "echo");
    await Promise.all([first, second]);
  });

  it("stops at the caller's signal, with its reason", async () => {
    const controller = new AbortController();
    const reason = new AppError("canceled");
    const running = run("wait", {
      signal: controller.signal,
      onMessage: () => controller.abort(reason),
    });
    await assert.rejects(running, reason);
    assert.equal(await run("echo"), "echo");
    await assert.rejects(run("echo", { signal: AbortSignal.abort(reason) }), reason);
  });

  it("refuses when too much waits", async () => {
    const controller = new AbortController();
    const waiting = Array.from({ length: 65 }, () => run("wait", { signal: controller.signal }));
    const settled = Promise.allSettled(waiting);
    await assert.rejects(run("echo"), { code: "overloaded" });
    controller.abort();
    assert.ok((await settled).every(({ status }) => status === "rejected"));
    assert.equal(await run("echo"), "echo");
  });

  it("starts nothing after its end, whether it had work before or not", async () => {
    const onCrash = (cause: unknown) => new AppError("photo-damaged", { cause });
    const used = createPool();
    assert.equal(await used.run("echo", { onCrash }), "echo");
    for (const ended of [used, createPool()]) {
      await ended.dispose();
      await assert.rejects(ended.run("echo", { onCrash }), { code: "shutting-down" });
    }
  });
});
