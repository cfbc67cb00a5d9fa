import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SERVER } from "../../server/services/audit.ts";
import { CARRIED_TABLES } from "../../server/services/restore/carry-over.ts";
import { confirmRestore, undoRestore } from "../../server/services/restore/decide.ts";
import { FORMER } from "../../server/services/restore/schemas.ts";
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

/** Notes each table that is made from now on; answers those of a schema since it was last asked. */
async function watchNewTables() {
  await there.client.query(`
    CREATE SCHEMA watch;
    CREATE TABLE watch.made (name text);
    CREATE FUNCTION watch.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO watch.made SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table';
    END $$;
    CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
      EXECUTE FUNCTION watch.note()`);
  return async (schema: string): Promise<string[]> => {
    const { rows } = await there.client.query<{ name: string }>("DELETE FROM watch.made RETURNING name");
    const names = rows.map(({ name }) => name.split("."));
    return names
      .filter(([where]) => where === schema)
      .map(([, name]) => name)
      .sort();
  };
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
  const newTables = await watchNewTables();
  await there.restore(filename);
  // All tables are held against everybody meanwhile: those with the most rows are not among them.
  assert.deepEqual(await newTables(FORMER), [...CARRIED_TABLES].sort());
  assert.deepEqual(await tables(), whole);
  assert.deepEqual((await there.fingerprint()).rows, saved.rows);

  await undoRestore(there.deps, SERVER);
  assert.deepEqual(await newTables("public"), ["revoked_tokens", "sessions"]);
  assert.deepEqual(await tables(), NEEDED, "nothing stands in for what was gone before");
  assert.deepEqual(await there.fingerprint(), damaged);

  await there.restore(filename);
  await confirmRestore(there.deps, SERVER);
  assert.deepEqual(await tables(), whole);
  assert.deepEqual((await there.fingerprint()).rows, saved.rows);
});
