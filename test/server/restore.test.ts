import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { v7 as newId } from "uuid";
import { createKeyPair } from "../../server/backup/age.ts";
import { ENGLISH } from "../../server/error-texts/en.ts";
import type { AppError } from "../../server/errors.ts";
import { SERVER } from "../../server/services/audit.ts";
import { takeBackupLock } from "../../server/services/backups/lock.ts";
import { confirmRestore, undoRestore } from "../../server/services/restore/decide.ts";
import type { RestorePoint } from "../../server/services/restore/deps.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";
import { filesBelow } from "../support/stored-files.ts";
import { until } from "../support/until.ts";

type Fingerprint = Awaited<ReturnType<SmallInstallation["fingerprint"]>>;

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
    await there.removeFile(chair.modelKey);
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
      "backup.restore-started",
      "backup.restored",
      "backup.restore-undone",
      "backup.restore-started",
      "backup.restored",
      "backup.restore-confirmed",
    ]);
  });
});

it("can be undone with all files after a confirmation that came to nothing", async () => {
  const stool = await there.addModel("stool");
  const filename = await there.backUp();
  await there.putFile(stool.modelKey, "other bytes of a stool");
  const changed = await there.fingerprint();
  await there.restore(filename);
  const stopping = AbortSignal.abort(new Error("The server stops."));
  await assert.rejects(confirmRestore({ ...there.deps, stopping }, SERVER), /stops/);
  await undoRestore(there.deps, SERVER);
  assert.deepEqual(await there.fingerprint(), changed);
});

const DYING = path.resolve(import.meta.dirname, "../support/restore/dying-restore.ts");

/** A restore in a process of its own, which kills itself at this point. */
async function restoreAndDie(filename: string, point: RestorePoint): Promise<void> {
  const args = [DYING, there.url, JSON.stringify(there.store), there.backups, filename, point];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [, signal] = await once(child, "exit");
  assert.equal(signal, "SIGKILL", point);
}

/** Settles what is left; a killed process's connections may take a moment to end, and its lock goes with them. */
const recover = () => until("nobody is at the restore any more", () => there.recover());

/** The backup's rows and files are in place; files that only the former state names may lie beside them. */
async function assertIs(saved: Fingerprint, point: string): Promise<void> {
  const now = await there.fingerprint();
  assert.deepEqual(now.rows, saved.rows, point);
  for (const [key, sha256] of Object.entries(saved.files)) assert.equal(now.files[key], sha256, point);
}

describe("a killed restore", () => {
  it("leaves the old state or the new one, wherever it was killed", async () => {
    const bench = await there.addModel("bench");
    const filename = await there.backUp();
    const saved = await there.fingerprint();
    await there.client.query("DELETE FROM models_3d WHERE id = $1", [bench.id]);
    await there.client.query("DELETE FROM photos WHERE key = $1", [bench.photoKey]);
    await there.removeFile(bench.modelKey);
    await there.putFile(bench.photoKey, "other bytes");
    await there.addModel("table");
    const changed = await there.fingerprint();
    const before: RestorePoint[] = ["loaded", "noted", "placed"];
    for (const point of before) {
      await restoreAndDie(filename, point);
      await recover();
      assert.deepEqual(await there.fingerprint(), changed, point);
      assert.deepEqual([await schemas(), await isFrozen()], [[], false], point);
    }
    for (const point of ["swapped", "replaced"] as const) {
      await restoreAndDie(filename, point);
      await recover();
      await assertIs(saved, point);
      assert.equal(await isFrozen(), true);
      await undoRestore(there.deps, SERVER);
      assert.deepEqual(await there.fingerprint(), changed, point);
    }
  });
});

describe("a backup that is not as it should be", () => {
  const unchanged = async (before: Fingerprint) => {
    assert.deepEqual(await there.fingerprint(), before);
    assert.deepEqual([await schemas(), await isFrozen()], [[], false]);
  };

  it("is refused with a single flipped bit anywhere", async () => {
    await there.addModel("shelf");
    const filename = await there.backUp();
    const before = await there.fingerprint();
    const files = (await filesBelow(there.backups)).filter(
      (file) => file.includes(filename) || file.includes(`${path.sep}files${path.sep}`),
    );
    const named = new Set(Object.values(before.files));
    const parts = files.filter((file) => file.includes(filename) || named.has(path.basename(file)));
    assert.ok(parts.length > 5);
    for (let flips = 0; flips < 24; flips++) {
      const file = parts[flips % parts.length];
      const content = await readFile(file);
      const flipped = Buffer.from(content);
      const at = Math.floor(Math.random() * flipped.length);
      flipped[at] ^= 1 << (flips % 8);
      await writeFile(file, flipped);
      const what = `${path.basename(file)} at ${at}, bit ${flips % 8}`;
      await assert.rejects(there.restore(filename), { name: "AppError" }, what);
      assert.deepEqual(await readFile(file), flipped, "whatever is left of a backup stays");
      await writeFile(file, content);
    }
    await unchanged(before);
    assert.equal(
      (await there.client.query("SELECT FROM system_state WHERE key = 'restoreFailure'")).rowCount,
      1,
    );
    await there.restore(filename);
    await undoRestore(there.deps, SERVER);
    await unchanged(before);
  });

  it("is refused without its key or with another, before anything is begun", async () => {
    const [own, other] = [await createKeyPair(), await createKeyPair()];
    const filename = await there.backUp(own.recipient);
    const before = await there.fingerprint();
    for (const identity of [undefined, "", "AGE-SECRET-KEY-1NONE", other.identity]) {
      await assert.rejects(there.restore(filename, identity), { code: "backup-key" });
    }
    await unchanged(before);
    await there.restore(filename, own.identity);
    await undoRestore(there.deps, SERVER);
    await unchanged(before);
  });

  it("is refused where a newer version made it, with the cure", async () => {
    const NEWER = "29990101000000-of-tomorrow.cjs";
    await there.client.query('INSERT INTO "SequelizeMeta" (name) VALUES ($1)', [NEWER]);
    const filename = await there.backUp();
    await there.client.query('DELETE FROM "SequelizeMeta" WHERE name = $1', [NEWER]);
    const before = await there.fingerprint();
    await assert.rejects(there.restore(filename), (error: AppError) => {
      assert.equal(error.code, "restore-too-new");
      assert.match(error.detail.en, /of-tomorrow/);
      assert.match(ENGLISH["restore-too-new"].suggestion, /Install that version/);
      return true;
    });
    await unchanged(before);
  });

  it("is refused where there is none, and while somebody else is at the backups", async () => {
    await assert.rejects(there.restore("2020-01-01T00-00-00Z-manual"), { code: "backup-missing" });
    const filename = await there.backUp();
    const lock = await takeBackupLock(there.url);
    assert.ok(lock);
    await assert.rejects(there.restore(filename), { code: "backup-running" });
    await lock.release();
  });
});

describe("what a restore does not take back", () => {
  const one = async (sql: string, values: unknown[] = []) => (await there.client.query(sql, values)).rows[0];

  it("is what was revoked, spent or put on record since, and nothing paid is sent again", async () => {
    const [keyId, formerAdminId] = [newId(), newId()];
    await there.client.query(
      "INSERT INTO users (id, email, role, password_hash) VALUES ($1, 'eve@example.com', 'admin', 'x')",
      [formerAdminId],
    );
    await there.client.query(
      "INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes) VALUES ($1, $2, 'Shop', 'p3d_', 'x', '{read}')",
      [keyId, there.userId],
    );
    const { id: photoId } = await one("SELECT id FROM photos LIMIT 1");
    const order = async (provider: string) => {
      const id = newId();
      await there.client.query(
        `INSERT INTO generation_tasks (id, user_id, provider, network, params, name, photo_id, reserved_model_id)
         VALUES ($1, $2, $3, 'trellis', '{}', 'sofa', $4, $5)`,
        [id, there.userId, provider, photoId, newId()],
      );
      return id;
    };
    const [paid, free] = [await order("genapi"), await order("local")];
    const sessionId = newId();
    await there.client.query(
      "INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 day')",
      [sessionId, there.userId],
    );
    const filename = await there.backUp();

    await there.client.query("UPDATE users SET role = 'user' WHERE id = $1", [formerAdminId]);
    await there.client.query(`INSERT INTO system_state (key, value) VALUES ('queue', '{"running": false}')`);
    await there.client.query("UPDATE api_keys SET revoked_at = now() WHERE id = $1", [keyId]);
    await there.client.query(
      "UPDATE generation_tasks SET status = 'failed', error = '{\"code\": \"internal\"}', finished_at = now() WHERE id = $1",
      [paid],
    );
    // Claimed three times since; the last of those workers may still be at it.
    await there.client.query("UPDATE generation_tasks SET fence = fence + 3 WHERE id = $1", [free]);
    const held = await one("SELECT fence FROM generation_tasks WHERE id = $1", [free]);
    await there.client.query(
      `INSERT INTO spendings (user_id, provider, network, first_attempt, state, cost, settled_at)
       VALUES ($1, 'genapi', 'trellis', 1, 'charged', 17, now())`,
      [there.userId],
    );
    await there.client.query("INSERT INTO audit_log (id, action) VALUES ($1, 'share.created')", [newId()]);
    const carried = await there.restore(filename);

    assert.ok((await one("SELECT revoked_at FROM api_keys WHERE id = $1", [keyId])).revoked_at);
    assert.ok((await one("SELECT revoked_at FROM sessions WHERE id = $1", [sessionId])).revoked_at);
    assert.equal((await one("SELECT role FROM users WHERE id = $1", [formerAdminId])).role, "user");
    assert.deepEqual((await one("SELECT value FROM system_state WHERE key = 'queue'")).value, {
      running: false,
    });
    assert.equal((await one("SELECT sum(cost) AS cost FROM spendings")).cost, "17.00");
    assert.equal((await one("SELECT count(*)::int AS n FROM audit_log WHERE action = 'share.created'")).n, 1);
    const states = await one(
      "SELECT (SELECT status FROM generation_tasks WHERE id = $1) AS paid, (SELECT status FROM generation_tasks WHERE id = $2) AS free",
      [paid, free],
    );
    assert.deepEqual(states, { paid: "needs-confirmation", free: "queued" });
    assert.equal(carried.toDecide, 1);
    assert.ok((await one("SELECT fence FROM generation_tasks WHERE id = $1", [free])).fence > held.fence);
    await confirmRestore(there.deps, SERVER);
  });
});

it("counts what was reserved when the backup was made as what has become of it since", async () => {
  await there.addModel("couch");
  const { rows: photos } = await there.client.query<{ id: string }>("SELECT id FROM photos LIMIT 1");
  const reserve = async (expected: number | null): Promise<{ task: string; spending: string }> => {
    const task = newId();
    await there.client.query(
      `INSERT INTO generation_tasks (id, user_id, provider, network, params, name, photo_id, reserved_model_id)
       VALUES ($1, $2, 'genapi', 'trellis', '{}', 'sofa', $3, $4)`,
      [task, there.userId, photos[0].id, newId()],
    );
    const { rows } = await there.client.query<{ id: string }>(
      `INSERT INTO spendings (generation_id, user_id, provider, network, first_attempt, expected_roubles)
       VALUES ($1, $2, 'genapi', 'trellis', 1, $3) RETURNING id`,
      [task, there.userId, expected],
    );
    return { task, spending: rows[0].id };
  };
  const charged = await reserve(null);
  const assumed = await reserve(40);
  const released = await reserve(50);
  const filename = await there.backUp();

  const end = (id: string, status: string) =>
    there.client.query(
      `UPDATE generation_tasks SET status = $2::text, finished_at = now(), cost = $3,
              error = CASE $2::text WHEN 'failed' THEN '{"code": "internal"}'::jsonb END WHERE id = $1`,
      [id, status, id === charged.task ? 17 : null],
    );
  await end(charged.task, "succeeded");
  await end(assumed.task, "succeeded");
  await end(released.task, "failed");
  const counted = async () => {
    const { rows } = await there.client.query(
      "SELECT id, state, roubles FROM spendings WHERE id = ANY ($1) ORDER BY roubles",
      [[charged, assumed, released].map(({ spending }) => spending)],
    );
    return rows.map(({ id, state, roubles }) => [id, state, Number(roubles)]);
  };
  assert.deepEqual(await counted(), [
    [released.spending, "released", 0],
    [charged.spending, "charged", 17],
    [assumed.spending, "assumed", 40],
  ]);
  await there.restore(filename);
  // What was not taken is put by again, because its generation waits again.
  const since = [
    [charged.spending, "charged", 17],
    [assumed.spending, "assumed", 40],
    [released.spending, "reserved", 50],
  ];
  assert.deepEqual(await counted(), since);
  await confirmRestore(there.deps, SERVER);
  // Neither the end of what waits anew changes what was spent, nor does a reservation outlive it.
  for (const { task } of [charged, assumed, released]) {
    await there.client.query(
      "UPDATE generation_tasks SET status = 'canceled', finished_at = now() WHERE id = $1",
      [task],
    );
  }
  assert.deepEqual(await counted(), [
    [released.spending, "released", 0],
    [charged.spending, "charged", 17],
    [assumed.spending, "assumed", 40],
  ]);
});

it("keeps revoked, when it is undone, what was revoked while the backup was in place, and nothing else", async () => {
  const [before, leaving, jti] = [newId(), newId(), newId()];
  for (const id of [before, leaving]) {
    await there.client.query(
      "INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 day')",
      [id, there.userId],
    );
  }
  const filename = await there.backUp();
  await there.restore(filename);
  // As whoever signs out then: the session of the administrator goes on in the restored state.
  await there.client.query("UPDATE sessions SET revoked_at = NULL, revoked_because = NULL WHERE id = $1", [
    leaving,
  ]);
  await there.client.query(
    "UPDATE sessions SET revoked_at = now(), revoked_because = 'logout' WHERE id = $1",
    [leaving],
  );
  await there.client.query(
    "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, now() + interval '1 hour')",
    [jti],
  );
  await undoRestore(there.deps, SERVER);
  const { rows } = await there.client.query(
    "SELECT id FROM sessions WHERE revoked_at IS NOT NULL AND id = ANY ($1)",
    [[before, leaving]],
  );
  assert.deepEqual(rows, [{ id: leaving }]);
  const { rowCount } = await there.client.query("SELECT FROM revoked_tokens WHERE jti = $1", [jti]);
  assert.equal(rowCount, 1);
});

it("is not waited for where its former state is not: the word of it came with a dump", async () => {
  const at = "2026-01-01T00:00:00.000Z";
  const value = JSON.stringify({ filename: "2026-01-01T00-00-00Z-manual", state: "restored", at });
  await there.client.query("INSERT INTO system_state (key, value) VALUES ('restore', $1)", [value]);
  await there.recover();
  assert.equal(await isFrozen(), false);
});
