import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as newId } from "uuid";
import { SERVER } from "../../server/services/audit.ts";
import { undoRestore } from "../../server/services/restore/decide.ts";
import { restoreId } from "../../server/services/restore/restore-files.ts";
import type { S3Server } from "../support/backup/s3-server.ts";
import {
  type BucketInstallation,
  isCopyTo,
  makeBucketInstallation,
} from "../support/restore/bucket-installation.ts";
import {
  assertNew,
  type ChangedBackup,
  cutRestore,
  standsStillAt,
  switchOf,
} from "../support/restore/outcomes.ts";
import type { SmallInstallation } from "../support/restore/small-installation.ts";
import { until } from "../support/until.ts";

let made: BucketInstallation;
let there: SmallInstallation;
let server: S3Server;
let backup: ChangedBackup;
before(async () => {
  made = await makeBucketInstallation();
  ({ there, server, backup } = made);
});
after(() => made.dispose());

describe("a process that stands still while others settle its restore into a bucket", () => {
  it("does no harm with a copy that it had asked for", async () => {
    const { child, exited } = made.restoreApart("never");
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    server.misbehave(async (request) => {
      if (!isCopyTo(request, backup.replacedKey)) return null;
      server.misbehave(null);
      child.kill("SIGSTOP");
      asked.resolve();
      await held.promise;
      return null;
    });
    await asked.promise;
    await cutRestore(there);
    await made.recover();
    await assertNew(there, backup, "undone by others");
    const copies = server.requests.length;
    held.resolve();
    await until("the copy is made", () =>
      server.requests.slice(copies).some(({ method }) => method === "PUT"),
    );
    assert.deepEqual(await there.fingerprint(), backup.changed);
    child.kill("SIGCONT");
    assert.notDeepEqual(await exited, [0, null]);
    assert.deepEqual(await there.fingerprint(), backup.changed);
  });

  it("does none when it goes on, whether or not another restore has begun since", async () => {
    for (const [point, begins] of [
      ["brought-in", false],
      ["noted", true],
      ["swapped", true],
    ] as const) {
      const { child, exited } = made.restoreApart(point, "SIGSTOP");
      await standsStillAt(child, point);
      await cutRestore(there);
      await made.recover();
      if (point === "swapped") await undoRestore(there.deps, SERVER);
      if (begins) await there.restore(backup.filename);
      child.kill("SIGCONT");
      assert.notDeepEqual(await exited, [0, null], point);
      await made.recover();
      if (begins) await assertNew(there, backup, point);
      else assert.deepEqual(await there.fingerprint(), backup.changed, point);
    }
  });

  it("leaves files alone with a word that comes when all is settled and work goes on", async () => {
    const { files } = there.deps;
    const unnamed = `models/${newId()}/original.glb`;
    await there.putFile(unnamed, "published, and named in a moment");
    const note = {
      id: restoreId("2026-01-01T00:00:00.000Z"),
      filename: backup.filename,
      phase: "open" as const,
      added: [unnamed],
      replaced: [backup.replacedKey],
    };
    await files.begin(note, new AbortController().signal);
    await there.putFile(backup.replacedKey, "changed since");
    const { files: changed } = await there.fingerprint();
    await made.recover();
    const visible = Object.entries(changed).filter(([key]) => !key.startsWith("."));
    assert.deepEqual((await there.fingerprint()).files, Object.fromEntries(visible));
    await there.putFile(backup.replacedKey, "other bytes");
    await there.removeFile(unnamed);
  });

  it("keeps nothing from being undone with a word of confirmation that comes late", async () => {
    await there.restore(backup.filename);
    const { files } = there.deps;
    const [note] = await files.notes();
    const mark = (await there.client.query("SELECT 'owners/' || id AS key FROM installation")).rows[0].key;
    // As it may be when the process that confirms is killed with its request on the way.
    const notes = async () => {
      const isUndone = (await switchOf(there, "restore"))?.state === "running";
      if (isUndone) await files.turn(note, "confirmed", mark.slice("owners/".length));
      return files.notes();
    };
    await undoRestore({ ...there.deps, files: { ...files, notes } }, SERVER);
    assert.deepEqual(await there.fingerprint(), backup.changed);
  });
});
