import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createKeyPair } from "../../server/backup/age.ts";
import { SERVER } from "../../server/services/audit.ts";
import { confirmRestore, undoRestore } from "../../server/services/restore/decide.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";
import { filesBelow } from "../support/stored-files.ts";

let there: SmallInstallation;
before(async () => {
  there = await makeSmallInstallation();
});
after(() => there.dispose());

const schemas = async () =>
  (
    await there.client.query<{ name: string }>(
      "SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'photo_to_3d%'",
    )
  ).rows.map(({ name }) => name);
const isFrozen = async () =>
  (await there.client.query("SELECT FROM system_state WHERE key = 'restore'")).rowCount === 1;
const deeds = async () =>
  (
    await there.client.query<{ action: string }>(
      "SELECT action FROM audit_log WHERE action LIKE 'backup.%' ORDER BY id",
    )
  ).rows.map(({ action }) => action);

describe("a restore", () => {
  it("brings back rows and files as they were, and what was there before when it is undone", async () => {
    const sofa = await there.addModel("sofa");
    const chair = await there.addModel("chair");
    const filename = await there.backUp();
    const saved = await there.fingerprint();

    await there.addModel("lamp");
    await there.client.query("UPDATE models_3d SET name = 'couch' WHERE id = $1", [sofa.id]);
    await there.client.query("DELETE FROM models_3d WHERE id = $1", [chair.id]);
    await rm(path.join(there.uploads, chair.modelKey));
    await there.putFile(sofa.modelKey, "other bytes under the same key");
    const changed = await there.fingerprint();

    await there.restore(filename);
    assert.equal(await isFrozen(), true);
    const restored = await there.fingerprint();
    assert.deepEqual(restored.rows, saved.rows);
    for (const [key, sha256] of Object.entries(saved.files)) assert.equal(restored.files[key], sha256, key);
    await assert.rejects(there.restore(filename), { code: "restore-pending" });
    await there.recover();
    assert.deepEqual((await there.fingerprint()).rows, saved.rows);

    await undoRestore(there.deps, SERVER);
    assert.deepEqual(await there.fingerprint(), changed);
    assert.deepEqual(await schemas(), []);
    assert.equal(await isFrozen(), false);
    await assert.rejects(undoRestore(there.deps, SERVER), { code: "restore-none" });

    await there.restore(filename);
    await confirmRestore(there.deps, SERVER);
    assert.deepEqual(await schemas(), []);
    assert.equal(await isFrozen(), false);
    assert.deepEqual((await there.fingerprint()).rows, saved.rows);
    assert.equal((await readdir(there.uploads)).includes(".restore"), false);
    assert.deepEqual(await deeds(), [
      "backup.restored",
      "backup.restore-undone",
      "backup.restored",
      "backup.restore-confirmed",
    ]);
  });
});
