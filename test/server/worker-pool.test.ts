import assert from "node:assert/strict";
import { after, describe, it, type TestContext } from "node:test";
import { createWorkerPool } from "../../server/assets/worker-pool.ts";
import { AppError } from "../../server/errors.ts";
import type { Behaviour } from "../support/unruly-worker.ts";

/** Nothing that ends by itself needs so long, on however slow a machine. */
const LIMIT_SECONDS = 300;

const createPool = () =>
  createWorkerPool<Behaviour, string, string>({
    file: new URL("../support/unruly-worker.ts", import.meta.url),
    threads: 1,
    timeLimitSeconds: LIMIT_SECONDS,
    maxHeapMegabytes: 32,
  });
const pool = createPool();
after(() => pool.dispose());

type Options = Omit<Parameters<typeof pool.run>[1], "onCrash">;
const run = (behaviour: Behaviour, options: Options = {}, on = pool) =>
  on.run(behaviour, { ...options, onCrash: (cause) => new AppError("photo-damaged", { cause }) });

/** A pool whose works have used up their time when `pass` is called, and only then. */
function withLimit(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const limited = createPool();
  t.after(() => limited.dispose());
  return { limited, pass: () => t.mock.timers.tick(LIMIT_SECONDS * 1000) };
}

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

  for (const behaviour of ["hang", "wait"] as const) {
    it(`ends a worker that does "${behaviour}" for longer than it may, and goes on`, async (t) => {
      const { limited, pass } = withLimit(t);
      await assert.rejects(run(behaviour, { onMessage: pass }, limited), { code: "photo-damaged" });
      assert.equal(await run("echo", {}, limited), "echo");
    });
  }

  it("ends a worker that takes more memory than it may, and goes on", async () => {
    await assert.rejects(run("eat-memory"), { code: "photo-damaged" });
    assert.equal(await run("echo"), "echo");
  });

  it("counts the time from the start of the work, not of the wait", async (t) => {
    const { limited, pass } = withLimit(t);
    const begun: string[] = [];
    const hang = (which: string) => {
      const onMessage = () => {
        begun.push(which);
        pass();
      };
      return assert.rejects(run("hang", { onMessage }, limited), { code: "photo-damaged" });
    };
    const hung = [hang("first"), hang("second")];
    assert.equal(await run("echo", {}, limited), "echo");
    await Promise.all(hung);
    assert.deepEqual(begun, ["first", "second"]);
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
