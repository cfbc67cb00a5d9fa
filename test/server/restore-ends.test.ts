import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { SERVER } from "../../server/services/audit.ts";
import { type HeldLock, takeBackupLock } from "../../server/services/backups/lock.ts";
import { confirmRestore, undoRestore } from "../../server/services/restore/decide.ts";
import { recoverRestore } from "../../server/services/restore/recover.ts";
import type { RestoreFiles } from "../../server/services/restore/restore-files.ts";
import { waitsAnew } from "../support/restore/comes-upon.ts";
import {
  assertInPlace,
  assertOld,
  type ChangedBackup,
  restoreWith,
  switchOf,
  withBackup,
} from "../support/restore/outcomes.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";

let there: SmallInstallation;
let backup: ChangedBackup;
before(async () => {
  there = await makeSmallInstallation();
  backup = await withBackup(there);
});
after(() => there?.dispose());

describe("whoever comes upon the end of a restore waits for it", () => {
  let isAtTheEnd: boolean;
  /** Who comes while files are being forgotten, the last thing that whoever holds the lock does. */
  let comes: { answer: Promise<HeldLock | null> } | undefined;
  let files: RestoreFiles;
  beforeEach(() => {
    isAtTheEnd = true;
    comes = undefined;
    files = {
      ...there.deps.files,
      async forget(note) {
        if (isAtTheEnd)
          comes ??= await waitsAnew(there, () => takeBackupLock(there.url, { givingBackMs: 500 }));
        return there.deps.files.forget(note);
      },
    };
  });
  async function getsTheLock(): Promise<void> {
    const lock = await comes?.answer;
    assert.ok(lock);
    await lock.release();
  }

  it("while files of the backup are still being put in place: it is undone then", async () => {
    let undo: { answer: Promise<void> } | undefined;
    const disturb = async () => {
      undo = await waitsAnew(there, () => undoRestore(there.deps, SERVER));
      assert.equal((await switchOf(there, "restore")).state, "restored");
    };
    await restoreWith(there, backup, { point: "swapped", disturb });
    await undo?.answer;
    assert.deepEqual(await there.fingerprint(), backup.changed);
  });

  it("while what a failed one has left is taken back", async () => {
    isAtTheEnd = false;
    const disturb = () => {
      isAtTheEnd = true;
      throw new Error("The store broke.");
    };
    await assert.rejects(restoreWith(there, backup, { point: "noted", disturb, files }), /The store broke/);
    await getsTheLock();
    await assertOld(there, backup, "failed");
  });

  it("while another process takes back what a killed one has left", async () => {
    await there.client.query("INSERT INTO system_state (key, value) VALUES ('restore', $1)", [
      JSON.stringify({ filename: backup.filename, state: "running", step: "checking" }),
    ]);
    assert.equal(await recoverRestore({ ...there.deps, files }), true);
    await getsTheLock();
    await assertOld(there, backup, "killed");
  });

  it("while what a confirmed one has left is cleared away", async () => {
    await there.restore(backup.filename);
    await assertInPlace(there, backup, "restored");
    await confirmRestore({ ...there.deps, files }, SERVER);
    await getsTheLock();
    assert.equal(await switchOf(there, "restore"), null);
    assert.deepEqual((await there.fingerprint()).rows, backup.saved.rows);
  });
});
