import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SERVER } from "../../server/services/audit.ts";
import { confirmRestore, undoRestore } from "../../server/services/restore/decide.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";

/** What a restore itself writes to: without these nobody could be told of it. */
const NEEDED = ["SequelizeMeta", "audit_log", "backup_runs", "system_state"];

let there: SmallInstallation;
before(async () => {
  there = await makeSmallInstallation();
});
after(() => there?.dispose());

const tables = async () => {
  const { rows } = await there.client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
};

async function drop(names: string[]): Promise<void> {
  for (const name of names) await there.client.query(`DROP TABLE "${name}" CASCADE`);
}

test("a backup comes back also where tables are gone, and what it knows takes their place", async () => {
  const sofa = await there.addModel("sofa");
  const filename = await there.backUp();
  const saved = await there.fingerprint();
  const whole = await tables();
  const gone = whole.filter((name) => !NEEDED.includes(name));
  await drop(gone);
  await there.removeFile(sofa.modelKey);
  const damaged = await there.fingerprint();
  await there.restore(filename);
  assert.deepEqual(await tables(), whole);
  assert.deepEqual((await there.fingerprint()).rows, saved.rows);

  await undoRestore(there.deps, SERVER);
  assert.deepEqual(await tables(), NEEDED, "nothing stands in for what was gone before");
  assert.deepEqual(await there.fingerprint(), damaged);

  await there.restore(filename);
  await confirmRestore(there.deps, SERVER);
  assert.deepEqual(await tables(), whole);
  assert.deepEqual((await there.fingerprint()).rows, saved.rows);
});
