import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { migrate } from "../../server/database/migrate.ts";
import type { RestoreDeps, RestorePoint } from "../../server/services/restore/deps.ts";
import { UnsettledRestore } from "../../server/services/restore/settle-failed.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto } from "../support/client.ts";
import { closeDatabase } from "../support/close-database.ts";
import { boxGlb } from "../support/make-glb.ts";
import { startOwnPostgres } from "../support/own-postgres.ts";
import {
  assertNew,
  assertOld,
  type ChangedBackup,
  cutRestore,
  restoreWith,
  switchOf,
  untilLockIsFree,
  withBackup,
} from "../support/restore/outcomes.ts";
import { untilKilledAt } from "../support/restore/restore-apart.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";
import { until } from "../support/until.ts";

const BEFORE: RestorePoint[] = ["checked", "drained", "loaded", "brought-in", "noted", "placed"];
const AFTER: RestorePoint[] = ["swapped", "replaced"];

describe("a restore that loses its database", () => {
  let there: SmallInstallation;
  let backup: ChangedBackup;
  before(async () => {
    there = await makeSmallInstallation();
    backup = await withBackup(there);
  });
  after(() => there.dispose());

  const cutAll = () => cutRestore(there);

  it("settles by itself, in the old state or the new one, whenever its connections are cut", async () => {
    for (const point of BEFORE) {
      await assert.rejects(restoreWith(there, backup, { point, disturb: cutAll }), point);
      await assertOld(there, backup, point);
      await untilLockIsFree(there);
    }
    for (const point of AFTER) {
      assert.deepEqual(await restoreWith(there, backup, { point, disturb: cutAll }), { toDecide: 0 });
      await assertNew(there, backup, point);
      await untilLockIsFree(there);
    }
    const { rows } = await there.client.query(
      "SELECT action, count(*)::int AS n FROM audit_log WHERE action LIKE 'backup.%' GROUP BY 1 ORDER BY 1",
    );
    assert.deepEqual(Object.fromEntries(rows.map(({ action, n }) => [action, n])), {
      "backup.restore-failed": BEFORE.length,
      "backup.restore-started": BEFORE.length + AFTER.length,
      "backup.restore-undone": AFTER.length,
      "backup.restored": AFTER.length,
    });
  });

  it("waits with that until the database lets it in again", async () => {
    let open: (() => Promise<void>) | undefined;
    const logger = {
      ...there.deps.logger,
      warn: async () => {
        // Once only: the next try may fail, too, before that has come about.
        const opening = open;
        open = undefined;
        await opening?.();
      },
    } as unknown as RestoreDeps["logger"];
    const client = there.client;
    const disturb = async () => {
      await client.end();
      open = await closeDatabase(there.url);
    };
    const done = restoreWith(there, backup, { point: "placed", disturb, logger });
    await assert.rejects(done);
    assert.equal(open, undefined, "It was tried in vain before.");
    await there.reconnect();
    await assertOld(there, backup, "closed");
  });

  it("says that it is not settled where the process stops before; another process does it then", async () => {
    const stop = new AbortController();
    let open: (() => Promise<void>) | undefined;
    const logger = {
      ...there.deps.logger,
      warn: () => stop.abort(new Error("The server stops.")),
    } as unknown as RestoreDeps["logger"];
    const disturb = async () => {
      await there.client.end();
      open = await closeDatabase(there.url);
    };
    const done = restoreWith(there, backup, { point: "placed", disturb, logger, stopping: stop.signal });
    await assert.rejects(done, UnsettledRestore);
    await open?.();
    await there.reconnect();
    assert.equal((await switchOf(there, "restore")).state, "running");
    assert.equal(await there.recover(), true);
    await assertOld(there, backup, "stopped");
  });
});

/** Uploads that were let in before a restore began, of which this server has not heard yet, end in no other state. */
async function refusesLateUploads(there: SmallInstallation, app: TestApp): Promise<void> {
  const before = await there.fingerprint();
  const at = new Date().toISOString();
  await there.client.query("INSERT INTO system_state (key, value) VALUES ('restore', $1)", [
    JSON.stringify({ filename: "2026-01-01T00-00-00Z-manual", state: "running", step: "checking", at }),
  ]);
  const model = new FormData();
  model.set("file", new Blob([Uint8Array.from(await boxGlb([1, 1, 1]))]), "late.glb");
  const answers = [
    await postPhoto(app, photoForm(await readPhoto("sofa.jpg"))),
    await app.request("/api/v1/models", { method: "POST", body: model }),
  ];
  for (const answer of answers) {
    assert.deepEqual([answer.status, (await answer.json()).code], [503, "maintenance"]);
  }
  await there.client.query("DELETE FROM system_state WHERE key = 'restore'");
  assert.deepEqual(await there.fingerprint(), before);
}

describe("a restore whose process is killed while others serve", () => {
  it("is settled by one of the others", async () => {
    await using there = await makeSmallInstallation();
    await using app = await startTestApp({ databaseUrl: there.url, uploads: there.uploads });
    await refusesLateUploads(there, app);
    const backup = await withBackup(there);
    for (const point of ["placed", "swapped"] as const) {
      await untilKilledAt(there, backup.filename, point);
      // The file with other bytes is the last thing that is put in place, or back.
      const wanted = point === "placed" ? backup.changed : backup.saved;
      await until(`the state after a kill at ${point}`, async () => {
        const restoring = await switchOf(there, "restore");
        if (point === "placed") return restoring === null && (await switchOf(there, "restoreFailure"));
        const now = await there.fingerprint();
        return Object.entries(wanted.files).every(([key, sha256]) => now.files[key] === sha256);
      });
      // Who has settled it may still hold the lock.
      await untilLockIsFree(there);
      if (point === "placed") await assertOld(there, backup, point);
      else await assertNew(there, backup, point);
    }
  });
});

describe("a restore whose server of PostgreSQL crashes and starts again", () => {
  it("leaves the old state or the new one, and nothing held", async () => {
    const folder = path.join(os.tmpdir(), `photo-to-3d-restore-crash-${process.pid}`);
    const postgres = await startOwnPostgres(folder);
    try {
      await migrate(postgres.url, { logger: { info() {} } });
      await using there = await makeSmallInstallation({ url: postgres.url, dispose: async () => undefined });
      const backup = await withBackup(there);
      for (const point of ["loaded", "swapped"] as const) {
        let isAway = false;
        let starting: Promise<void> | undefined;
        const logger = {
          ...there.deps.logger,
          warn() {
            if (!isAway) return;
            isAway = false;
            starting = postgres.start();
          },
        } as unknown as RestoreDeps["logger"];
        const disturb = async () => {
          await there.client.end();
          await postgres.crash();
          isAway = true;
        };
        const done = restoreWith(there, backup, { point, disturb, logger });
        if (point === "loaded") await assert.rejects(done);
        else await done;
        assert.ok(starting, "It was tried in vain before.");
        await starting;
        await there.reconnect();
        if (point === "loaded") await assertOld(there, backup, point);
        else await assertNew(there, backup, point);
      }
      await untilLockIsFree(there);
    } finally {
      await postgres.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
