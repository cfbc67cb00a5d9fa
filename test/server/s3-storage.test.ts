import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer, text } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { AppError } from "../../server/errors.ts";
import { storageContract } from "../contracts/storage.ts";
import { keysOf, MEBIBYTE, openStores, put } from "../support/backup/bucket-stores.ts";

const DAY_SECONDS = 86_400;

const stores = openStores();
after(stores.dispose);
const { open } = stores;

/** An error whose cause, for operators, says this. */
const away = (why: RegExp) => (error: unknown) =>
  error instanceof AppError &&
  error.code === "storage-unavailable" &&
  error.retryAfterSeconds === 5 &&
  why.test((error.cause as Error).message) &&
  why.test(error.message) &&
  !why.test(error.detail.en);

storageContract("bucket", async () => (await open()).storage);

describe("a store in a bucket", () => {
  it("sends a large file in parts and leaves none of them", async () => {
    const { server, storage, scratch } = await open();
    const content = Buffer.alloc(20 * MEBIBYTE, "all of it ");
    await put(storage, "models/1/large.glb", content);
    assert.ok(server.objects.get("ours/models/1/large.glb")?.equals(content));
    assert.equal(server.uploads.size, 0);
    const numbers = server.requests.flatMap(({ query }) => query.get("partNumber") ?? []);
    assert.deepEqual(numbers, ["1", "2", "3"]);
    const local = await storage.materialize("models/1/large.glb");
    assert.equal(path.basename(local.path), "large.glb");
    assert.ok((await readFile(local.path)).equals(content));
    await local.release();
    assert.deepEqual(await readdir(scratch), []);
  });

  it("keeps the source and nothing half stored where a part is refused for good", async () => {
    const { server, storage, scratch } = await open();
    const file = path.join(scratch, "source");
    await writeFile(file, Buffer.alloc(20 * MEBIBYTE));
    server.misbehave(({ query }) =>
      query.get("partNumber") === "2"
        ? { status: 403, content: "<Error><Code>AccessDenied</Code></Error>" }
        : null,
    );
    await assert.rejects(
      storage.publish("models/1/large.glb", file),
      away(/403 AccessDenied\. Check S3_ACCESS_KEY_ID/),
    );
    assert.deepEqual([server.objects.size, server.uploads.size, existsSync(file)], [0, 0, true]);
    server.misbehave(null);
    await storage.publish("models/1/large.glb", file);
    assert.equal(existsSync(file), false);
  });

  it("asks again where the bucket is overloaded, hangs up, or its answer is lost", async () => {
    const { server, storage } = await open();
    server.failNext(2);
    await put(storage, "models/1/a.glb", "patient");
    for (const mischief of ["hang-up", "lost"] as const) {
      let left = 2;
      server.misbehave(({ method }) => (method === "PUT" && left-- > 0 ? mischief : null));
      await put(storage, "models/1/a.glb", mischief);
      assert.equal(await text(await storage.read("models/1/a.glb")), mischief);
    }
  });

  it("does not take what the bucket keeps otherwise than it was sent", async () => {
    const { server, storage, scratch } = await open();
    const file = path.join(scratch, "source");
    await writeFile(file, "whole");
    server.misbehave(({ method, key }) => {
      if (method === "HEAD") server.objects.set(key, Buffer.from("who"));
      return null;
    });
    await assert.rejects(
      storage.publish("models/1/a.glb", file),
      away(/is not in the bucket as it was sent/),
    );
    assert.equal(await readFile(file, "utf8"), "whole");
  });

  it("begins a copy that breaks off again, and tells of a download that does", async () => {
    const { server, storage, scratch } = await open();
    const content = Buffer.alloc(MEBIBYTE, "x");
    await put(storage, "models/1/a.glb", content);
    let cuts = 2;
    server.misbehave(() => (cuts-- > 0 ? "cut" : null));
    const local = await storage.materialize("models/1/a.glb");
    assert.ok((await readFile(local.path)).equals(content));
    await local.release();
    server.misbehave(() => "cut");
    await assert.rejects(storage.materialize("models/1/a.glb"), { code: "storage-unavailable" });
    assert.deepEqual(await readdir(scratch), []);
    await assert.rejects(buffer(await storage.read("models/1/a.glb")), { code: "storage-unavailable" });
  });

  it("says that files are away, and to operators why and what to do", async () => {
    const { server, storage } = await open();
    await put(storage, "models/1/a.glb", "a");
    await server.goAway();
    const nobody = away(/ECONNREFUSED\. Nobody listens there: check S3_ENDPOINT/);
    const looks = [
      () => put(storage, "models/1/b.glb", "b"),
      () => storage.stat("models/1/a.glb"),
      () => storage.read("models/1/a.glb"),
      () => storage.materialize("models/1/a.glb"),
      () => storage.remove("models/1/a.glb"),
      () => keysOf(storage),
      () => storage.check(),
    ];
    for (const look of looks) await assert.rejects(look(), nobody, String(look));
    await server.comeBack();
    assert.deepEqual(await keysOf(storage), ["models/1/a.glb"]);
    await storage.check();

    const wrong = await open({ server, account: { secretAccessKey: "wrong" } });
    await assert.rejects(wrong.storage.check(), away(/403 SignatureDoesNotMatch\. Check S3_ACCESS_KEY_ID/));
    await assert.rejects(wrong.storage.stat("models/1/a.glb"), away(/403\. Check S3_ACCESS_KEY_ID/));
    const missing = await open({ server, bucket: "nothing" });
    const noBucket = away(/404 NoSuchBucket\. There is no such bucket: check S3_BUCKET/);
    await assert.rejects(missing.storage.check(), noBucket);
    await assert.rejects(missing.storage.read("models/1/a.glb"), noBucket);
    // A file that is gone and a bucket that is gone must not look the same.
    await assert.rejects(missing.storage.stat("models/1/a.glb"), noBucket);
    server.misbehave(() => ({ status: 507, content: "<Error><Code>XMinioStorageFull</Code></Error>" }));
    await assert.rejects(put(storage, "models/1/c.glb", "c"), { code: "disk-full" });
  });

  it("sees only its own names of the bucket, in all pages", async () => {
    const { server, storage } = await open();
    const strange = [
      "other/models/1/a.glb",
      "ours/",
      "ours/has space",
      "ours/temp/x",
      "oursmodels/x",
      "ours/ключ",
    ];
    for (const key of strange) server.objects.set(key, Buffer.from("theirs"));
    const keys = Array.from({ length: 7 }, (_, index) => `models/1/${index}.glb`);
    for (const key of keys) await put(storage, key, key);
    assert.deepEqual(await keysOf(storage), keys);
    assert.ok(server.requests.filter(({ query }) => query.has("continuation-token")).length >= 3);
  });

  it("clears up old work of this machine and old uploads of its own", async () => {
    const { server, storage, scratch } = await open();
    const longAgo = new Date(Date.now() - 2 * DAY_SECONDS * 1000);
    const begun = [
      { key: "ours/models/1/old.glb", initiated: longAgo, isSwept: true },
      { key: "ours/models/2/old.glb", initiated: longAgo, isSwept: true },
      { key: "ours/models/3/old.glb", initiated: longAgo, isSwept: true },
      { key: "ours/models/4/young.glb", initiated: new Date(), isSwept: false },
      { key: "other/models/1/old.glb", initiated: longAgo, isSwept: false },
    ];
    for (const { key, initiated } of begun) server.uploads.set(key, { key, initiated, parts: new Map() });
    const { path: old } = await storage.workspace();
    await utimes(old, longAgo, longAgo);
    assert.equal(await storage.sweepTemp(DAY_SECONDS), 4);
    const left = begun.filter(({ isSwept }) => !isSwept).map(({ key }) => key);
    assert.deepEqual([...server.uploads.keys()], left);
    assert.deepEqual(await readdir(scratch), []);
    server.misbehave(({ query }) =>
      query.has("uploads") ? { status: 501, content: "<Error><Code>NotImplemented</Code></Error>" } : null,
    );
    assert.equal(await storage.sweepTemp(DAY_SECONDS), 0);
  });
});
