import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { ERROR_TABLE } from "../../server/error-table.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { makeBlob, makeUnusualPhotos, type UnusualPhoto } from "../support/bad-photos.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { filesBelow, untilNoWork } from "../support/stored-files.ts";

/** Accepted photos make files in the background, which would hide what a refused one leaves. */
const refusedFirst = (photos: Record<string, UnusualPhoto>) =>
  Object.entries(photos).sort(
    ([, a], [, b]) => Number(a.expectedCode === null) - Number(b.expectedCode === null),
  );

describe("bad input", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let sofa: Buffer;

  before(async () => {
    fake = await startFakeGenapi();
    fake.script("immediate");
    app = await startTestApp({ fake });
    sofa = await readPhoto("sofa.jpg");
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  const storedFiles = () => filesBelow(app.uploads);
  /** Waits until what accepted photos needed is gone, which a refused one could be blamed for. */
  const untilStill = () => untilNoWork(app.uploads);

  /** Runs a refused request, and sees that it left no row, no file and nothing at the provider. */
  async function assertRefused(
    send: () => Promise<Response>,
    status: number,
    code: string,
  ): Promise<Problem> {
    const before = { files: await storedFiles(), rows: await app.context.records.Generation.count() };
    const response = await send();
    const problem = (await response.json()) as Problem;
    assert.equal(problem.code, code, JSON.stringify(problem));
    assert.equal(response.status, status);
    assert.equal(response.headers.get("content-type"), "application/problem+json; charset=utf-8");
    assert.equal(problem.requestId, response.headers.get("x-request-id"));
    assert.ok(problem.suggestion, "it says what to do next");
    assert.deepEqual(await storedFiles(), before.files);
    assert.equal(await app.context.records.Generation.count(), before.rows);
    assert.equal((await fetch(`${app.url}/health/live`)).status, 200);
    return problem;
  }

  const post = (bytes: Uint8Array, fields?: Record<string, string>, fileName?: string, part?: string) =>
    postPhoto(app, photoForm(bytes, fields, fileName, part));

  it("answers every unusual file as it deserves", async () => {
    const accepted = new Map<string, string>();
    for (const [name, photo] of refusedFirst(await makeUnusualPhotos())) {
      if (photo.expectedCode) {
        const { status } = ERROR_TABLE[photo.expectedCode];
        await assertRefused(() => post(photo.bytes, {}, photo.fileName), status, photo.expectedCode).catch(
          (error) => {
            throw new Error(`${name}: ${error.message}`, { cause: error });
          },
        );
        continue;
      }
      const response = await post(photo.bytes, {}, photo.fileName);
      assert.equal(response.status, 202, name);
      accepted.set(name, ((await response.json()) as Generation).id);
    }
    for (const [name, id] of accepted) {
      assert.equal((await waitForGeneration(app, id)).status, "succeeded", name);
    }
    assert.equal(fake.creates().length, await app.context.records.Generation.count());
    await untilStill();
  });

  it("refuses 50 MB, and says the limit", async () => {
    const problem = await assertRefused(() => post(makeBlob(50_000_000)), 413, "photo-too-large");
    assert.match(problem.detail, /10 MB/);
  });

  it("refuses wrong fields and wrong values, naming each", async () => {
    await assertRefused(() => post(sofa, {}, "sofa.jpg", "file"), 400, "upload-malformed");
    await assertRefused(() => post(sofa, { color: "red" }), 400, "invalid-request");
    await assertRefused(() => post(sofa, { dimensions: '{"height":-1}' }), 400, "invalid-request");
    await assertRefused(() => post(sofa, { params: "{" }), 400, "invalid-request");
    await assertRefused(() => post(sofa, { name: "x".repeat(201) }), 400, "invalid-request");
    await assertRefused(() => post(sofa, { provider: "magic" }), 400, "invalid-request");
    await assertRefused(() => post(sofa, { network: "magic" }), 422, "unknown-network");
    const problem = await assertRefused(
      () => post(sofa, { params: '{"texture_size":7,"x":1}' }),
      422,
      "invalid-params",
    );
    assert.deepEqual(
      problem.errors?.map(({ path }) => path),
      ["params.texture_size", "params.x"],
    );
  });

  it("refuses bodies that are not an upload", async () => {
    const send = (body: BodyInit, type: string) => () =>
      app.request("/api/v1/generations", { method: "POST", body, headers: { "Content-Type": type } });
    await assertRefused(send("{}", "application/json"), 400, "upload-missing");
    await assertRefused(send("", "multipart/form-data"), 400, "upload-malformed");
    await assertRefused(send("--x\r\nnonsense", "multipart/form-data; boundary=x"), 400, "upload-malformed");
    await assertRefused(
      () => app.request("/api/v1/generations", { method: "POST", body: new FormData() }),
      400,
      "upload-missing",
    );
    const two = photoForm(sofa);
    two.set("image", new Blob([new Uint8Array(sofa)]), "two.jpg");
    await assertRefused(() => postPhoto(app, two), 400, "upload-malformed");
  });

  it("leaves nothing of an upload that was cut off", async () => {
    const before = await storedFiles();
    const { port } = new URL(app.url);
    const head = [
      "POST /api/v1/generations HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      "Content-Type: multipart/form-data; boundary=x",
      `Content-Length: ${sofa.length + 200}`,
      "",
      '--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n',
    ].join("\r\n");
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(head);
    socket.write(sofa.subarray(0, 20_000));
    while ((await storedFiles()).length === before.length) await sleep(20);
    socket.destroy();
    await untilStill();
    assert.deepEqual(await storedFiles(), before);
  });

  it("keeps hostile names as text only", async () => {
    for (const name of [
      "../../../etc/passwd.jpg",
      "a\\..\\b.jpg",
      "<script>alert(1)</script>.jpg",
      "\u202Egpj.exe",
      "диван 🛋.jpg",
    ]) {
      const response = await post(sofa, {}, name);
      const created = (await response.json()) as Generation;
      assert.equal(response.status, 202, name);
      assert.ok(!/[/\\\u202E]/.test(created.name), created.name);
      const done = await waitForGeneration(app, created.id);
      const file = await app.request(`/api/v1/models/${done.modelId}/files/model.glb`);
      assert.match(file.headers.get("content-disposition") ?? "", /^inline; filename/);
      await file.arrayBuffer();
    }
    assert.ok((await storedFiles()).every((file) => file.startsWith(app.uploads)));
    await untilStill();
  });

  it("refuses malformed ids, JSON, cursors and methods", async () => {
    const get = (url: string, init?: RequestInit) => () => app.request(url, init);
    const json = { "Content-Type": "application/json" };
    await assertRefused(get("/api/v1/generations/nope"), 400, "invalid-request");
    await assertRefused(get("/api/v1/models/%00"), 400, "invalid-request");
    await assertRefused(get("/api/v1/models/%zz"), 400, "invalid-request");
    await assertRefused(get("/api/v1/models/00000000-0000-7000-8000-000000000000"), 404, "not-found");
    await assertRefused(get("/api/v1/models?cursor=abc"), 400, "invalid-request");
    await assertRefused(get("/api/v1/models?limit=1000"), 400, "invalid-request");
    await assertRefused(get("/api/v1/models?sort=size"), 400, "invalid-request");
    const id = "00000000-0000-7000-8000-000000000000";
    await assertRefused(
      get(`/api/v1/models/${id}`, { method: "PATCH", body: "{", headers: json }),
      400,
      "malformed-json",
    );
    await assertRefused(
      get(`/api/v1/models/${id}`, { method: "PATCH", body: "{}", headers: json }),
      400,
      "invalid-request",
    );
    await assertRefused(get("/api/v1/models", { method: "PUT" }), 405, "method-not-allowed");
    await assertRefused(get("/api/v1/nothing"), 404, "not-found");
    await assertRefused(get("/api/nothing", { headers: { Accept: "text/html" } }), 404, "not-found");
  });

  it("speaks Russian where that is preferred", async () => {
    const problem = await assertRefused(
      () => app.request("/api/v1/nothing", { headers: { "Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5" } }),
      404,
      "not-found",
    );
    assert.match(problem.title, /[а-я]/);
    assert.match(problem.suggestion ?? "", /[а-я]/);
  });

  it("answers only local hosts and refuses changes from other sites", async () => {
    const raw = (headers: Record<string, string>, method = "GET") =>
      new Promise<string>((resolve) => {
        const { port } = new URL(app.url);
        const socket = connect(Number(port), "127.0.0.1");
        const lines = Object.entries({ Connection: "close", ...headers }).map(
          ([key, value]) => `${key}: ${value}\r\n`,
        );
        socket.write(`${method} /api/v1/models HTTP/1.1\r\n${lines.join("")}\r\n`);
        let text = "";
        socket.on("data", (chunk) => (text += chunk)).on("close", () => resolve(text));
      });
    assert.match(await raw({ Host: "evil.example" }), /host-not-allowed/);
    assert.match(await raw({ Host: "localhost", Origin: "https://evil.example" }, "POST"), /cross-origin/);
    assert.match(await raw({ Host: "localhost", "Sec-Fetch-Site": "cross-site" }, "POST"), /cross-origin/);
    assert.match(await raw({ Host: "localhost" }), /^HTTP\/1.1 200/);
  });
});
