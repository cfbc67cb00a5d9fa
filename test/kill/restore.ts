import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SERVER } from "../../server/services/audit.ts";
import { undoRestore } from "../../server/services/restore/decide.ts";
import type { RestorePoint } from "../../server/services/restore/deps.ts";
import { startS3Server } from "../support/backup/s3-server.ts";
import { bucketPlace } from "../support/restore/file-places.ts";
import { makeSmallInstallation } from "../support/restore/small-installation.ts";

// node test/kill/restore.ts [KILLS] [--store s3]: restores, into a folder or a bucket, that are killed at any moment leave
// the old state or the new one. The moments are spread over the whole restore: between two of its points each, and after
// the states have changed places.
const DYING = path.resolve(import.meta.dirname, "../support/restore/dying-restore.ts");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { store: { type: "string", default: "folder" } },
});
if (!["folder", "s3"].includes(values.store)) throw new Error("--store is folder or s3.");
const kills = Number(positionals[0] ?? 20);
await using stack = new AsyncDisposableStack();
const server = values.store === "s3" ? stack.adopt(await startS3Server(), (part) => part.close()) : null;
const scratch = path.join(os.tmpdir(), `photo-to-3d-kill-restore-${process.pid}`);
stack.defer(() => rm(scratch, { recursive: true, force: true }));
const there = stack.use(
  await makeSmallInstallation(undefined, server ? bucketPlace(server, scratch) : undefined),
);

const gone = await there.addModel("bench");
const kept = [];
for (let number = 0; number < 30; number++) kept.push(await there.addModel(`stool ${number}`));
const filename = await there.backUp();
const saved = await there.fingerprint();
await there.client.query("DELETE FROM models_3d WHERE id = $1", [gone.id]);
await there.removeFile(gone.modelKey);
await there.putFile(gone.photoKey, "other bytes");
await there.addModel("table");
// So that putting other bytes in place takes its time.
for (const { modelKey } of kept) await there.putFile(modelKey, `other bytes than those of ${modelKey}`);
const changed = await there.fingerprint();

/** The beginning of a restore's process, and the points that it tells. */
type Moment = "started" | RestorePoint;

/** A whole restore, or one that is killed so long after a moment of it; answers when each moment was, from the start. */
async function restoreUntil(kill: { moment: Moment; afterMs: number } | null): Promise<[Moment, number][]> {
  const startedAt = performance.now();
  const moments: [Moment, number][] = [];
  const args = [DYING, there.url, JSON.stringify(there.store), there.backups, filename, "never"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const note = (moment: Moment) => {
    moments.push([moment, performance.now() - startedAt]);
    if (moment === kill?.moment) setTimeout(() => child.kill("SIGKILL"), kill.afterMs);
  };
  note("started");
  for await (const line of createInterface({ input: child.stdout })) note(line as RestorePoint);
  await ended;
  return moments;
}

const outcomes: Record<string, { old: number; new: number }> = {};
const startedAt = performance.now();
const moments = await restoreUntil(null);
const wholeMs = performance.now() - startedAt;
await undoRestore(there.deps, SERVER);
console.log(
  `A whole one: ${moments.map(([name, ms]) => `${name} ${Math.round(ms)}`).join(", ")}, ${Math.round(wholeMs)} ms.`,
);
for (let kill = 0; kill < kills; kill++) {
  const [moment, atMs] = moments[kill % moments.length];
  const untilMs = moments[(kill % moments.length) + 1]?.[1] ?? wholeMs;
  const afterMs = Math.random() * (untilMs - atMs);
  await restoreUntil({ moment, afterMs });
  // A killed process's connections may take a moment to end; its lock goes with them.
  while (!(await there.recover())) await sleep(100);
  const now = await there.fingerprint();
  const isNew = now.rows["public.models_3d"] === saved.rows["public.models_3d"];
  outcomes[moment] ??= { old: 0, new: 0 };
  outcomes[moment][isNew ? "new" : "old"]++;
  if (isNew) {
    assert.deepEqual(now.rows, saved.rows);
    for (const [key, sha256] of Object.entries(saved.files)) assert.equal(now.files[key], sha256, key);
    await undoRestore(there.deps, SERVER);
  }
  const what = `${Math.round(afterMs)} ms after ${moment}`;
  assert.deepEqual(await there.fingerprint(), changed, what);
  console.log(`${kill + 1}: killed ${what}, ${isNew ? "the new state" : "the old state"}`);
}
const sum = (state: "old" | "new") => Object.values(outcomes).reduce((n, outcome) => n + outcome[state], 0);
console.table(outcomes);
console.log(`${kills} kills: ${sum("old")} left the old state, ${sum("new")} the new one; none a mix.`);
