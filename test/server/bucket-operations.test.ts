import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { SystemInfo } from "../../server/contract/system.ts";
import type { Patient } from "../../server/doctor/check.ts";
import { storage } from "../../server/doctor/checks/storage.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { bucketSettings } from "../support/backup/bucket-settings.ts";
import { type S3Server, startS3Server } from "../support/backup/s3-server.ts";
import { listBackups, runToEnd } from "../support/backups.ts";
import { importBox } from "../support/share-client.ts";

const DAY_MS = 86_400_000;
const REFUSED = { status: 403, content: "<Error><Code>AccessDenied</Code></Error>" };

describe("looking after files and backups in one bucket", () => {
  let server: S3Server;
  let app: TestApp;
  before(async () => {
    server = await startS3Server({ buckets: ["shared"] });
    app = await startTestApp({
      env: {
        ...bucketSettings(server, { bucket: "shared", prefix: "files" }),
        BACKUP_DIR: "s3://shared/backups",
        // Looks only when it is asked to.
        MONITORING_INTERVAL: "3600",
      },
    });
  });
  after(async () => {
    await app.dispose();
    await server.close();
  });

  const read = async <T>(url: string) => (await (await app.request(url)).json()) as T;
  const look = async (changes: object = {}) => {
    const { store } = app.config;
    const config = { ...app.config, store: { ...store, ...changes } };
    const [{ status, message, cure }] = await storage.run({ config } as Patient);
    return `${status}: ${message} -> ${cure}`;
  };

  it("tells administrators where files lie, and how much room there is for work", async () => {
    const { store } = await read<SystemInfo>("/api/system/info");
    assert.equal(store.bucket, "s3://shared/files/");
    assert.ok(store.freeBytes > 0 && store.totalBytes >= store.freeBytes);
  });

  it("examines the bucket, and says what is wrong and what to do", async () => {
    assert.match(
      await look(),
      /^ok: s3:\/\/shared\/files\/ can be written; \d+ MiB are free on this machine for work in progress\./,
    );
    const { store } = app.config;
    const s3 = store.kind === "s3" ? store.s3 : null;
    assert.match(
      await look({ s3: { ...s3, secretAccessKey: "another" } }),
      /^problem: s3:\/\/shared\/files\/ can't be written: .* 403 SignatureDoesNotMatch\. Check S3_ACCESS_KEY_ID.* -> Do what it says/,
    );
    assert.match(
      await look({ bucket: "none" }),
      /404 NoSuchBucket\. There is no such bucket: check S3_BUCKET/,
    );
    await server.goAway();
    assert.match(await look(), /ECONNREFUSED\. Nobody listens there: check S3_ENDPOINT/);
    await server.comeBack();
  });

  it("keeps a backup of the files beside them, which is restored aside and compared", async () => {
    await importBox(app);
    const run = await runToEnd(app, "/create", { verify: true });
    assert.equal(run.state, "succeeded", JSON.stringify(run));
    const [made] = await listBackups(app);
    assert.equal(made.verdict?.ok, true);
    // Three files and the mark of who owns the store; nothing of the backups themselves.
    assert.equal(made.files, 4);
  });

  it("tells operators what to do where the bucket is away in the middle of a backup", async () => {
    await importBox(app, "Another");
    server.misbehave(({ method, key }) =>
      method === "GET" && key.startsWith("files/models/") ? REFUSED : null,
    );
    const run = await runToEnd(app, "/create", {});
    server.misbehave(null);
    assert.equal(run.state, "failed");
    assert.match(
      run.error ?? "",
      /The bucket for files did not take a request: 403 AccessDenied\. Check S3_ACCESS_KEY_ID/,
    );
    assert.equal((await runToEnd(app, "/create", {})).state, "succeeded");
  });

  it("clears up the uploads of both that killed processes have left", async () => {
    const initiated = new Date(Date.now() - 2 * DAY_MS);
    for (const key of ["files/models/1/a.glb", "backups/files/a", "others/a"]) {
      server.uploads.set(key, { key, initiated, parts: new Map() });
    }
    await app.context.storage.sweepTemp(DAY_MS / 1000);
    await app.context.backups.target.sweep();
    assert.deepEqual([...server.uploads.keys()], ["others/a"]);
  });
});
