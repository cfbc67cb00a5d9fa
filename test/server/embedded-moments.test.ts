import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { Cluster } from "../../server/database/embedded/cluster.ts";
import { stopServer } from "../../server/database/embedded/server-process.ts";
import { setWatchdog } from "../../server/database/embedded/watchdog.ts";
import { watchdogsOf } from "../support/embedded-postgres.ts";
import { until } from "../support/until.ts";

test("a watchdog that is dismissed just after somebody has killed it does not come back", async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-watchdog-"));
  t.after(() => rm(folder, { recursive: true }));
  const later: (() => void)[] = [];
  t.mock.method(globalThis, "setTimeout", (work: () => void) => {
    later.push(work);
    return { unref() {} };
  });
  const watchdog = setWatchdog({ folder: path.join(folder, "cluster") } as Cluster, process.pid);
  const [pid] = watchdogsOf(folder);
  process.kill(pid, "SIGKILL");
  await until("its end is known", () => later.length > 0);
  await watchdog.dismiss();
  for (const work of later) work();
  assert.deepEqual(watchdogsOf(folder), []);
});

/** Greater than any number that Linux gives. */
const NO_PROCESS = 2 ** 22 + 1;

test("a server that ends by itself in the moment in which it is told to is a stopped one", async (t) => {
  const noSuchProcess = Object.assign(new Error("kill ESRCH"), { code: "ESRCH" });
  const signals: unknown[] = [];
  t.mock.method(process, "kill", (_pid: number, signal: unknown) => {
    if (signals.length > 0) throw noSuchProcess;
    if (signal === 0) return true;
    signals.push(signal);
    throw noSuchProcess;
  });
  await stopServer({} as Cluster, { pid: NO_PROCESS, port: 0, exited: Promise.resolve() });
  assert.deepEqual(signals, ["SIGINT"]);
});
