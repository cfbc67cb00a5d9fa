import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestApp } from "../support/app.ts";
import type { S3Server } from "../support/backup/s3-server.ts";
import {
  type BucketInstallation,
  isCopyTo,
  makeBucketInstallation,
} from "../support/restore/bucket-installation.ts";
import { bucketEnvironment } from "../support/restore/file-places.ts";
import {
  assertNew,
  assertOld,
  type ChangedBackup,
  switchOf,
  untilLockIsFree,
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

describe("a restore into a bucket whose process is killed", () => {
  it("leaves the old state or the new one, wherever it was killed", async () => {
    for (const point of ["placed", "swapped"] as const) {
      await made.killedAt(point);
      await made.recover();
      if (point === "swapped") await assertNew(there, backup, point);
      else await assertOld(there, backup, point);
    }
  });

  it("does so in the middle of a copy, too, whether or not the copy comes about", async () => {
    const copies = [
      { to: `/outgoing/${backup.replacedKey}`, isDone: true, isNew: false },
      { to: backup.addedKey, isDone: true, isNew: false },
      { to: backup.replacedKey, isDone: true, isNew: true },
      { to: backup.replacedKey, isDone: false, isNew: true },
    ];
    for (const { to, isDone, isNew } of copies) {
      const { child, exited } = made.restoreApart("never");
      server.misbehave(async (request) => {
        if (!isCopyTo(request, to)) return null;
        server.misbehave(null);
        child.kill("SIGKILL");
        await exited;
        return isDone ? null : "hang-up";
      });
      assert.deepEqual(await exited, [null, "SIGKILL"]);
      await made.recover();
      await (isNew ? assertNew : assertOld)(there, backup, `${to}, ${isDone}`);
    }
  });
});

describe("a restore into a bucket whose process is killed while two replicas serve", () => {
  it("is settled by one of them", async () => {
    const env = bucketEnvironment(server);
    await using one = await startTestApp({ databaseUrl: there.url, env });
    await using two = await startTestApp({ databaseUrl: there.url, env });
    for (const app of [one, two]) assert.equal((await app.request("/health/live")).status, 200);
    const fresh = { ...backup, changed: await there.fingerprint() };
    for (const point of ["placed", "swapped"] as const) {
      await made.killedAt(point);
      await until(`it is settled after a kill at ${point}`, async () => {
        if (point === "placed") return (await switchOf(there, "restore")) === null;
        return (
          (await there.fingerprint()).files[backup.replacedKey] === backup.saved.files[backup.replacedKey]
        );
      });
      await made.recover();
      await untilLockIsFree(there);
      await (point === "placed" ? assertOld : assertNew)(there, fresh, point);
    }
  });
});
