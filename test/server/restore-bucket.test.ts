import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SERVER } from "../../server/services/audit.ts";
import { confirmRestore } from "../../server/services/restore/decide.ts";
import type { RestoreDeps } from "../../server/services/restore/deps.ts";
import { beginRestore } from "../../server/services/restore/run-restore.ts";
import type { S3Server } from "../support/backup/s3-server.ts";
import { type BucketInstallation, makeBucketInstallation } from "../support/restore/bucket-installation.ts";
import { assertNew, assertOld, type ChangedBackup, restoreWith } from "../support/restore/outcomes.ts";
import { makeSmallInstallation, type SmallInstallation } from "../support/restore/small-installation.ts";

let made: BucketInstallation;
let there: SmallInstallation;
let server: S3Server;
let backup: ChangedBackup;
before(async () => {
  made = await makeBucketInstallation();
  ({ there, server, backup } = made);
});
after(() => made.dispose());

describe("a restore whose files lie in a bucket", () => {
  it("brings back files as they were, and what was there before when it is undone", async () => {
    await there.restore(backup.filename);
    await assert.rejects(there.restore(backup.filename), { code: "restore-pending" });
    await there.recover();
    await assertNew(there, backup, "undone");
  });

  it("can be undone with all files after a confirmation that came to nothing", async () => {
    await there.restore(backup.filename);
    const stopping = AbortSignal.abort(new Error("The server stops."));
    await assert.rejects(confirmRestore({ ...there.deps, stopping }, SERVER), /stops/);
    await assertNew(there, backup, "confirmed in vain");
  });

  it("takes the files of a folder in, and a folder those of a bucket, until it is confirmed", async () => {
    await using house = await makeSmallInstallation();
    await using hut = await makeSmallInstallation();
    await using stack = new AsyncDisposableStack();
    const tower = stack.adopt(await makeBucketInstallation(), (part) => part.dispose()).there;
    await house.addModel("sofa");
    const { photoKey } = await house.addModel("chair");
    const { files } = await house.fingerprint();
    let from = house;
    for (const to of [tower, hut]) {
      await to.putFile(photoKey, "other bytes");
      const deps = { ...to.deps, target: from.target };
      const { done } = await beginRestore(deps, { filename: await from.backUp(), by: SERVER });
      await done;
      await confirmRestore(deps, SERVER);
      const now = (await to.fingerprint()).files;
      for (const [key, sha256] of Object.entries(files)) assert.equal(now[key], sha256, key);
      from = to;
    }
  });

  it("needs no answer twice: what was done though its answer was lost is done again without harm", async () => {
    const seen = new Set<string>();
    server.misbehave(({ method, key, query }) => {
      const what = `${method} ${key}?${query}`;
      const isFirst = !seen.has(what);
      seen.add(what);
      return isFirst ? "lost" : null;
    });
    await there.restore(backup.filename);
    seen.clear();
    await assertNew(there, backup, "lost answers");
    server.misbehave(null);
  });

  it("waits where the bucket goes away until it is back, and then has the old state or the new one", async () => {
    for (const point of ["checked", "noted", "swapped"] as const) {
      let isAway = false;
      const warn = () => {
        if (isAway) void server.comeBack();
        isAway = false;
      };
      const disturb = async () => {
        await server.goAway();
        isAway = true;
      };
      const logger = { ...there.deps.logger, warn } as unknown as RestoreDeps["logger"];
      const done = restoreWith(there, backup, { point, disturb, logger });
      if (point === "swapped") assert.deepEqual(await done, { toDecide: 0 });
      else await assert.rejects(done, { code: "storage-unavailable" });
      assert.equal(isAway, false, "It was tried in vain before.");
      if (point === "swapped") await assertNew(there, backup, point);
      else await assertOld(there, backup, point);
    }
  });
});
