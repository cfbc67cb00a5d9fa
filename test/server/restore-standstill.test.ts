import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import { SERVER } from "../../server/services/audit.ts";
import { undoRestore } from "../../server/services/restore/decide.ts";
import type { RestorePoint } from "../../server/services/restore/deps.ts";
import { openJournal } from "../../server/services/restore/journal.ts";
import { placeReplaced, takeBackFiles } from "../../server/services/restore/place-files.ts";
import { writeRestoreNote } from "../../server/services/restore/restore-note.ts";
import { closeExchange, requireOwn, swapIn } from "../../server/services/restore/swap.ts";
import { cutRestore, standsStillAt } from "../support/restore/outcomes.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";

const RESTORE = path.join(import.meta.dirname, "../support/restore/dying-restore.ts");
const { signal } = new AbortController();

let there: SmallInstallation;
before(async () => {
  there = await makeSmallInstallation();
});
after(() => there.dispose());

/** A restore in a process of its own that stands still at this point, and has lost its lock when this resolves. */
async function standStill(filename: string, point: RestorePoint) {
  const args = [RESTORE, there.url, JSON.stringify(there.store), there.backups, filename, point, "SIGSTOP"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  await standsStillAt(child, point);
  await cutRestore(there);
  return {
    /** Lets it go on to its end. */
    async wake(): Promise<number> {
      child.kill("SIGCONT");
      const [code] = await exited;
      return code as number;
    },
  };
}

it("does no harm when it goes on after others have settled it and begun another one", async () => {
  const bench = await there.addModel("bench");
  const first = await there.backUp();
  await there.client.query("DELETE FROM models_3d WHERE id = $1", [bench.id]);
  await there.removeFile(bench.modelKey);
  await there.putFile(bench.photoKey, "other bytes");
  const table = await there.addModel("table");
  const second = await there.backUp();
  const saved = await there.fingerprint();
  await there.client.query("DELETE FROM models_3d WHERE id = $1", [table.id]);
  await there.removeFile(table.modelKey);
  await there.putFile(table.photoKey, "other bytes still");
  const changed = await there.fingerprint();

  for (const point of ["brought-in", "noted"] as const) {
    const sleeper = await standStill(first, point);
    assert.equal(await there.recover(), true);
    assert.deepEqual(await there.fingerprint(), changed, point);
    await there.restore(second);
    assert.notEqual(await sleeper.wake(), 0, point);
    const now = await there.fingerprint();
    assert.deepEqual(now.rows, saved.rows, point);
    for (const [key, sha256] of Object.entries(saved.files)) assert.equal(now.files[key], sha256, point);
    await undoRestore(there.deps, SERVER);
    assert.deepEqual(await there.fingerprint(), changed, point);
  }
  const sleeper = await standStill(first, "swapped");
  assert.equal(await there.recover(), true);
  await undoRestore(there.deps, SERVER);
  assert.notEqual(await sleeper.wake(), 0);
  assert.deepEqual(await there.fingerprint(), changed);
});

it("can't come in any more once another process has settled it", async () => {
  const startedAt = "2026-01-01T00:00:00.000Z";
  const filename = "2026-01-01T00-00-00Z-manual";
  const note = { filename, state: "running" as const, step: "swapping" as const, at: startedAt, startedAt };
  await writeRestoreNote(there.client, "restore", note);
  await requireOwn(there.client, startedAt);
  await closeExchange(there.client);
  const options = { ...there.deps, by: SERVER, filename, startedAt, signal };
  await assert.rejects(swapIn(options), /Another process has taken this restore back/);
  await writeRestoreNote(there.client, "restore", null);
  await assert.rejects(swapIn(options), /Another process has taken this restore back/);
});

const KEYS = Array.from({ length: 40 }, (_, at) => `models/${at}/original.glb`);

/** Files that wait to take the place of others. */
async function arrivals() {
  const root = path.join(there.uploads, "placing");
  const journal = openJournal(root);
  const within = path.relative(there.uploads, journal.incoming);
  for (const key of KEYS) {
    await there.putFile(path.join("placing", key), `former ${key}`);
    await there.putFile(path.join(within, key), `new ${key}`);
  }
  const note = { filename: "2026-01-01T00-00-00Z-manual", phase: "open" as const, added: [], replaced: KEYS };
  await journal.begin(note);
  const contents = () => Promise.all(KEYS.map((key) => readFile(path.join(root, key), "utf8")));
  return { root, journal, note, contents };
}

it("loses no former file where two processes put the same files in place at once", async () => {
  const { root, journal, note, contents } = await arrivals();
  const place = () => placeReplaced(root, journal, note, signal);
  await Promise.all([place(), place(), place()]);
  assert.deepEqual(
    await contents(),
    KEYS.map((key) => `new ${key}`),
  );
  await takeBackFiles(root, journal, note, async () => false, signal);
  assert.deepEqual(
    await contents(),
    KEYS.map((key) => `former ${key}`),
  );
  await journal.remove();
});

it("takes nothing of the backup's in while another process takes its files back", async () => {
  const { root, journal, note, contents } = await arrivals();
  const placing = placeReplaced(root, journal, note, signal);
  await takeBackFiles(root, journal, note, async () => false, signal);
  await placing;
  assert.deepEqual(
    await contents(),
    KEYS.map((key) => `former ${key}`),
  );
  await assert.rejects(journal.begin(note), /Another restore has begun/);
  await journal.remove();
  assert.equal(await journal.read(), null);
});
