import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { removeOrphans } from "../../server/services/housekeeping.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { bucketSettings } from "../support/backup/bucket-settings.ts";
import { type S3Server, startS3Server } from "../support/backup/s3-server.ts";
import { photoForm, postPhoto, readModel, readPhoto, waitForGeneration } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { sha256Of } from "../support/sha256.ts";
import { importBox } from "../support/share-client.ts";
import { filesBelow, untilNoWork } from "../support/stored-files.ts";
import { until } from "../support/until.ts";

const PREFIX = "photo-to-3d/";
const REFUSED = { status: 503, content: "<Error><Code>SlowDown</Code></Error>" };

let server: S3Server;
let database: TestDatabase;
before(async () => {
  server = await startS3Server({ buckets: ["files"] });
  database = await createTestDatabase();
});
after(async () => {
  await database.dispose();
  await server.close();
});
beforeEach(() => server.misbehave(null));

/** A replica with a disk of its own; what they have in common are the database and the bucket. */
const startReplica = (env: Record<string, string> = {}) =>
  startTestApp({
    databaseUrl: database.url,
    env: { ...bucketSettings(server, { bucket: "files", prefix: PREFIX }), ...env },
  });

const postSofa = async (app: TestApp, fields: Record<string, string> = {}) =>
  postPhoto(app, photoForm(await readPhoto("sofa.jpg"), { preset: "draft", ...fields }));

async function remove(app: TestApp, id: string) {
  for (const query of ["", "?permanent=true"]) {
    const answer = await app.request(`/api/v1/models/${id}${query}`, { method: "DELETE" });
    assert.ok(answer.ok, await answer.text());
  }
}

/** All but what a look whether the store works has put there for a moment. */
const stored = () => [...server.objects.keys()].filter((key) => !key.includes("/input/check-"));
const keysOfModel = (id: string) => [...server.objects.keys()].filter((key) => key.includes(id));

describe("the product with its files in a bucket", () => {
  let app: TestApp;
  let other: TestApp;
  before(async () => {
    app = await startReplica();
    other = await startReplica();
  });
  after(async () => {
    await other.dispose();
    await app.dispose();
  });

  it("makes a model of a photo, gives out all its files, and leaves nothing after the deletion", async () => {
    const accepted = await postSofa(app);
    assert.equal(accepted.status, 202);
    const done = await waitForGeneration(app, ((await accepted.json()) as Generation).id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    const model = await readModel(app, done.modelId!);
    assert.deepEqual(Object.keys(model.files).sort(), ["glb", "original", "photo", "thumbnail"]);
    const box = await importBox(app);
    for (const { url } of Object.values({ ...model.files, ...box.files, ...box.exports })) {
      // What one replica has, the other gives.
      const answer = await fetch(other.url + url);
      assert.equal(answer.status, 200, url);
      const content = Buffer.from(await answer.arrayBuffer());
      assert.equal(answer.headers.get("etag"), `"${sha256Of(content)}"`, url);
      const part = await fetch(app.url + url, { headers: { Range: "bytes=3-9" } });
      assert.equal(part.status, 206, url);
      assert.deepEqual(Buffer.from(await part.arrayBuffer()), content.subarray(3, 10), url);
    }
    assert.ok(keysOfModel(box.id).length > 12, "the files on demand are there");
    for (const replica of [app, other]) {
      await untilNoWork(replica.uploads);
      assert.deepEqual(await filesBelow(replica.uploads), []);
    }
    for (const { id } of [model, box]) {
      await remove(app, id);
      assert.deepEqual(keysOfModel(id), []);
    }
    // Photos go with the daily sweep, once they have lain there for a day.
    for (const [key, content] of server.objects) server.objects.set(key, Buffer.from(content));
    await removeOrphans(app.context);
    const [mark, ...left] = stored();
    assert.match(mark, /^photo-to-3d\/owners\//);
    assert.deepEqual(left, []);
    assert.equal(server.uploads.size, 0);
  });

  it("waits with a generation wherever the bucket is away, and loses nothing", async () => {
    const linesNow = () => [...app.lines, ...other.lines];
    const isSaid = (word: string) => () => linesNow().some(({ message }) => message === word);
    const heads = new Map<string, number>();
    // The photo is looked at when it is stored and when its row is written; it can't be had when it is to be sent.
    server.misbehave(({ method, key }) => {
      if (method !== "HEAD" || !key.includes("/input/") || key.includes("check-")) return null;
      heads.set(key, (heads.get(key) ?? 0) + 1);
      return (heads.get(key) ?? 0) <= 2 ? null : REFUSED;
    });
    const accepted = await postSofa(app, { name: "Patience" });
    assert.equal(accepted.status, 202, await accepted.clone().text());
    const { id } = (await accepted.json()) as Generation;
    await until("it waits in the queue", isSaid("A generation waits for the store of files"));
    const refusePuts = (name: RegExp) =>
      server.misbehave(({ method, key }) => (method === "PUT" && name.test(key) ? REFUSED : null));
    refusePuts(/\/original\.glb$/);
    await until("what was made can't be kept", () =>
      linesNow().some(({ message, outcome }) => message === "Submit settled" && outcome === "unsent"),
    );
    refusePuts(/\/glb-/);
    await until("files can't be published", isSaid("The result could not be had; it is tried again"));
    const waiting = (await (await app.request(`/api/v1/generations/${id}`)).json()) as Generation;
    assert.equal(waiting.finishedAt, null);
    assert.equal(waiting.modelId, null);
    server.misbehave(null);
    const done = await waitForGeneration(app, id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    const { files } = await readModel(app, done.modelId!);
    assert.equal((await other.request(files.glb!.url)).status, 200);
    assert.equal(server.uploads.size, 0);
  });

  it("says that files are away, keeps the rest going, and recovers by itself", async () => {
    const model = await importBox(app);
    const checks = async (replica: TestApp) =>
      ((await (await replica.request("/health/ready")).json()) as { checks: Record<string, string> }).checks;
    await until("it is ready", async () => (await checks(app)).storage === "ok");
    const before = stored();
    await server.goAway();
    await until("it is not", async () => (await checks(app)).storage === "failed");
    assert.equal((await app.request(`/api/v1/models/${model.id}`)).status, 200);
    const isAway = async (answer: Response, language: RegExp) => {
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get("retry-after"), "5");
      assert.equal(answer.headers.get("etag"), null);
      const problem = (await answer.json()) as Problem;
      assert.equal(problem.code, "storage-unavailable");
      assert.match(problem.detail, language);
    };
    await isAway(await app.request(model.files.glb!.url), /does not answer\. Nothing is lost/);
    const russian = { headers: { "Accept-Language": "ru" } };
    await isAway(await app.request(model.exports.stl!.url, russian), /не отвечает\. Ничего не потеряно/);
    const generations = await app.context.records.Generation.count();
    await isAway(await postSofa(app, { name: "Never" }), /does not answer/);
    assert.equal(await app.context.records.Generation.count(), generations);
    await remove(app, model.id);
    // Whoever runs it is told the cure.
    assert.match(JSON.stringify(app.lines), /ECONNREFUSED\. Nobody listens there: check S3_ENDPOINT/);

    await server.comeBack();
    assert.deepEqual(stored(), before, "nothing half stored");
    await until("it is ready again", async () => (await checks(app)).storage === "ok");
    const next = await importBox(other);
    assert.equal((await app.request(next.files.glb!.url)).status, 200);
    for (const [key, content] of server.objects) server.objects.set(key, Buffer.from(content));
    await removeOrphans(app.context);
    assert.deepEqual(keysOfModel(model.id), [], "the sweep removes what could not be removed then");
    assert.equal(keysOfModel(next.id).length, 3);
  });
});

describe("a bucket that takes its time", () => {
  it("holds up nobody but those who wait for it", async () => {
    const connections = 2;
    await using app = await startReplica({ DATABASE_POOL_MAX: String(connections) });
    await app.context.switches.set("queue", { running: false });
    const released = Promise.withResolvers<null>();
    let held = 0;
    server.misbehave(({ method, key }) => {
      if (method !== "PUT" || !key.includes("/input/") || key.includes("/check-")) return null;
      held++;
      return released.promise;
    });
    const uploads = Array.from({ length: connections + 1 }, () => postSofa(app));
    await until("all are being stored", () => held >= uploads.length);
    assert.equal((await app.request("/api/v1/models")).status, 200);
    released.resolve(null);
    for (const answer of await Promise.all(uploads)) assert.equal(answer.status, 202);
  });
});
