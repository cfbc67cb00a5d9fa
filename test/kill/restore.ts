import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SERVER } from "../../server/services/audit.ts";
import { undoRestore } from "../../server/services/restore/decide.ts";
import { makeSmallInstallation } from "../support/restore/small-installation.ts";

// node test/kill/restore.ts [KILLS]: restores that are killed at any moment leave the old state or the new one.
const DYING = path.resolve(import.meta.dirname, "../support/restore/dying-restore.ts");
const kills = Number(process.argv[2] ?? 20);
await using there = await makeSmallInstallation();

const gone = await there.addModel("bench");
const filename = await there.backUp();
const saved = await there.fingerprint();
await there.client.query("DELETE FROM models_3d WHERE id = $1", [gone.id]);
await rm(path.join(there.uploads, gone.modelKey));
await there.putFile(gone.photoKey, "other bytes");
await there.addModel("table");
const changed = await there.fingerprint();

/** A whole restore, or one that is killed after so many milliseconds; answers how long it went. */
async function restoreFor(milliseconds: number | null): Promise<number> {
  const startedAt = performance.now();
  const args = [DYING, there.url, there.uploads, there.backups, filename, "never"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "exit");
  if (milliseconds !== null) await Promise.race([sleep(milliseconds), ended]);
  if (milliseconds !== null) child.kill("SIGKILL");
  await ended;
  return performance.now() - startedAt;
}

const outcomes = { old: 0, new: 0 };
const wholeMs = await restoreFor(null);
await undoRestore(there.deps, SERVER);
for (let kill = 1; kill <= kills; kill++) {
  // Every other one near the end, where the states change places.
  const after = wholeMs * (kill % 2 ? Math.random() : 0.85 + Math.random() * 0.15);
  await restoreFor(after);
  // A killed process's connections may take a moment to end; its lock goes with them.
  for (;;) {
    await there.recover();
    const { rows } = await there.client.query<{ isOpen: boolean }>(
      "SELECT EXISTS (SELECT FROM system_state WHERE key = 'restore' AND value ->> 'state' = 'running') AS \"isOpen\"",
    );
    if (!rows[0].isOpen) break;
    await sleep(100);
  }
  const now = await there.fingerprint();
  const isNew = now.rows["public.models_3d"] === saved.rows["public.models_3d"];
  outcomes[isNew ? "new" : "old"]++;
  if (isNew) {
    assert.deepEqual(now.rows, saved.rows);
    for (const [key, sha256] of Object.entries(saved.files)) assert.equal(now.files[key], sha256, key);
    await undoRestore(there.deps, SERVER);
  }
  assert.deepEqual(await there.fingerprint(), changed, `after ${Math.round(after)} ms`);
  console.log(`${kill}: killed after ${Math.round(after)} ms, ${isNew ? "the new state" : "the old state"}`);
}
console.log(`${kills} kills: ${outcomes.old} left the old state, ${outcomes.new} the new one; none a mix.`);
