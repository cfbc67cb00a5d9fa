import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AppError } from "../../server/errors.ts";
import { processorSeconds } from "../../server/providers/local/child/processor-time.ts";
import { residentBytes } from "../../server/providers/local/child/resident-memory.ts";
import { runChild } from "../../server/providers/local/child/run-child.ts";
import { createCutoutPreview } from "../../server/providers/local/preview-cutout.ts";
import { createSlots } from "../../server/providers/local/slots.ts";
import { createDrawnPhotos, type DrawnPhotos } from "../support/drawn-photos.ts";

const SOFA = fileURLToPath(new URL("../fixtures/photos/sofa.jpg", import.meta.url));
const BLANK = fileURLToPath(new URL("../fixtures/photos/blank.png", import.meta.url));
const MAIN = fileURLToPath(new URL("../../server/providers/local/child/main.ts", import.meta.url));
/** Says on the output that a report is about to be written, and holds the whole process for a while before that. */
const HELD_REPORTS = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  const send = process.send.bind(process);
  process.send = (...report) => {
    fs.writeSync(1, "report");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    return send(...report);
  };
`)}`;
const LIMITS = { memoryBytes: 400 * 2 ** 20, processorSeconds: 60, timeoutSeconds: 600 };

let photos: DrawnPhotos;
before(async () => {
  photos = await createDrawnPhotos();
});
after(() => photos[Symbol.asyncDispose]());

const task = () => ({
  kind: "generate" as const,
  photoPath: SOFA,
  outputPath: path.join(photos.folder, "model.glb"),
  params: { triangles: 20_000, textureSize: 512, depth: null, mode: "auto" as const, box: null },
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Collects the process ids of one run. */
function pidWatch() {
  const pids: number[] = [];
  const onStart = (pid: number) => void pids.push(pid);
  const assertGone = () => {
    assert.equal(pids.length, 1);
    assert.equal(isRunning(pids[0]), false, `process ${pids[0]} is still there`);
  };
  return { onStart, assertGone };
}

describe("the generator's process", () => {
  it("is gone when a cancelled run settles, in the middle of its work", async () => {
    const { onStart, assertGone } = pidWatch();
    const controller = new AbortController();
    const reason = new Error("cancelled");
    const onProgress = () => controller.abort(reason);
    const run = runChild(task(), LIMITS, { signal: controller.signal, onStart, onProgress });
    await assert.rejects(run, (error) => error === reason);
    assertGone();
  });

  it("is killed beyond its memory", async () => {
    const { onStart, assertGone } = pidWatch();
    const outcome = await runChild(task(), { ...LIMITS, memoryBytes: 60 * 2 ** 20 }, { onStart });
    assert.equal(outcome.kind, "out-of-memory", JSON.stringify(outcome));
    assertGone();
  });

  it("is killed beyond its time, though it computes nothing", async () => {
    const { onStart, assertGone } = pidWatch();
    const hold = (pid: number) => {
      onStart(pid);
      process.kill(pid, "SIGSTOP");
    };
    const outcome = await runChild(task(), { ...LIMITS, timeoutSeconds: 0.2 }, { onStart: hold });
    assert.deepEqual(outcome, { kind: "timeout" });
    assertGone();
  });

  it("is killed beyond what it may compute", async () => {
    const { onStart, assertGone } = pidWatch();
    const outcome = await runChild(task(), { ...LIMITS, processorSeconds: 0.2 }, { onStart });
    assert.deepEqual(outcome, { kind: "timeout" });
    assertGone();
  });

  it("computes nothing while it waits for its turn at the processor", async () => {
    if (process.platform !== "linux") return void assert.equal(processorSeconds(process.pid), null);
    const busy = `const end = () => (process.cpuUsage().user > 500_000 ? process.send("done") : setImmediate(end));
      process.on("message", () => {}); end();`;
    const child = fork("--eval", [busy], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    try {
      await once(child, "message");
      const computed = processorSeconds(child.pid)!;
      assert.ok(computed >= 0.4, `${computed} s`);
      process.kill(child.pid!, "SIGSTOP");
      const before = processorSeconds(child.pid)!;
      await sleep(300);
      assert.ok(processorSeconds(child.pid)! - before < 0.1);
    } finally {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
  });

  it("reports a crash with its cause", async () => {
    const outcome = await runChild({ ...task(), outputPath: photos.folder }, LIMITS);
    assert.ok(outcome.kind === "failed" && outcome.code === "generator-crashed", JSON.stringify(outcome));
    assert.match(outcome.message, /EISDIR/);
  });

  it("stays within 400 MB and sees nothing of the server's environment", async () => {
    let peak = 0;
    let watch: NodeJS.Timeout | undefined;
    let environment = "";
    const onStart = (pid: number) => {
      if (process.platform === "linux") environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      watch = setInterval(() => {
        peak = Math.max(peak, residentBytes(pid) ?? 0);
      }, 20);
    };
    const outcome = await runChild(task(), LIMITS, { onStart });
    clearInterval(watch);
    assert.equal(outcome.kind, "generated", JSON.stringify(outcome));
    assert.ok(peak < LIMITS.memoryBytes);
    assert.doesNotMatch(environment, /(^|\0)(PATH|HOME)=/);
  });

  it("ends when its parent lets go", async () => {
    const child = fork(MAIN, [], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      execArgv: ["--import", HELD_REPORTS],
    });
    assert.ok(child.stdout);
    child.send(task());
    await once(child.stdout, "data");
    child.disconnect();
    const [code] = await once(child, "exit");
    assert.equal(code, 0);
  });
});

describe("the preview of the cut-out", () => {
  it("is a PNG with the object alone", async () => {
    const cutout = await createCutoutPreview(LIMITS)(SOFA, null, AbortSignal.timeout(600_000));
    assert.equal(cutout.mode, "object");
    assert.equal(cutout.maskSource, "background");
    assert.ok(Math.max(cutout.width, cutout.height) <= 512);
    assert.ok(cutout.image.startsWith("data:image/png;base64,iVBOR"));
  });

  it("says that there is no object", async () => {
    await assert.rejects(
      createCutoutPreview(LIMITS)(BLANK, null, AbortSignal.timeout(600_000)),
      (error) => error instanceof AppError && error.code === "no-object-found",
    );
  });
});

describe("slots", () => {
  it("let in as many as there are, in order, and forget who gave up", async () => {
    const slots = createSlots(1);
    const { signal } = new AbortController();
    const entered: string[] = [];
    const releaseFirst = await slots.take(signal);
    const impatient = new AbortController();
    const second = slots.take(impatient.signal);
    const third = slots.take(signal).then((release) => {
      entered.push("third");
      return release;
    });
    impatient.abort(new Error("gave up"));
    await assert.rejects(second, /gave up/);
    assert.deepEqual(entered, []);
    releaseFirst();
    const releaseThird = await third;
    assert.deepEqual(entered, ["third"]);
    releaseThird();
    (await slots.take(signal))();
  });
});
