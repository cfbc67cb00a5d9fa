import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { OwnAccount } from "../../server/contract/account.ts";
import type { Model } from "../../server/contract/model.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { createAs, numberedPhoto } from "../support/create-as.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { boxGlb } from "../support/make-glb.ts";

const filesBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
};

async function refusedAs(code: string, answer: Response): Promise<Problem> {
  const problem = (await answer.json()) as Problem;
  assert.equal(problem.code, code, JSON.stringify(problem));
  return problem;
}

describe("a quota of each user", () => {
  let app: TestApp;
  let glb: Buffer;
  let model: Model;
  let size: number;
  const importModel = () =>
    app.request("/api/v1/models", { method: "POST", body: photoForm(glb, {}, "box.glb", "file") });
  const storageOf = async () => ((await (await app.request("/api/v1/auth/me")).json()) as OwnAccount).storage;

  before(async () => {
    glb = await boxGlb([0.2, 0.3, 0.1]);
    await using scale = await startTestApp();
    const body = photoForm(glb, {}, "box.glb", "file");
    await scale.request("/api/v1/models", { method: "POST", body });
    size = (await scale.context.quota.measure(LOCAL_USER_ID)).usedBytes;
    assert.ok(size > glb.length);
    app = await startTestApp({ env: { USER_STORAGE_BYTES: String(Math.round(size * 2.5)) } });
    app.context.stopWork();
  });
  after(() => app.dispose());

  it("is shown to its user with what is filled", async () => {
    assert.deepEqual(await storageOf(), { usedBytes: 0, maxBytes: Math.round(size * 2.5) });
    const answer = await importModel();
    assert.equal(answer.status, 201);
    model = (await answer.json()) as Model;
    assert.equal((await storageOf()).usedBytes, size);
  });

  it("isn't exceeded by any number at the same moment, and nothing of the refused stays", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, importModel));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 413, 413, 413, 413, 413]);
    for (const answer of answers.filter(({ status }) => status === 413)) {
      const { suggestion } = await refusedAs("storage-quota", answer);
      assert.match(suggestion ?? "", /trash/);
    }
    assert.equal((await storageOf()).usedBytes, size * 2);
    const names = await filesBelow(`${app.uploads}/models`);
    assert.equal(names.length, await app.context.records.ModelFile.count(), names.join());
  });

  it("holds for photos, of which one that is there costs nothing more", async () => {
    const room = Math.round(size * 2.5) - size * 2;
    const photo = await readPhoto("sofa.jpg");
    const posted = await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const bytes = index < 2 ? photo : await readPhoto("cat.jpg");
        return postPhoto(app, photoForm(bytes, { provider: "local" }));
      }),
    );
    const { usedBytes, maxBytes } = await storageOf();
    assert.ok(usedBytes <= maxBytes!, `${usedBytes} of ${maxBytes}, with room for ${room}`);
    for (const answer of posted) if (answer.status !== 202) await refusedAs("storage-quota", answer);
    const tiny = await numberedPhoto(3);
    const first = await postPhoto(app, photoForm(tiny, { provider: "local" }));
    const again = await postPhoto(app, photoForm(tiny, { provider: "local" }));
    assert.equal(again.status, first.status);
  });

  it("has room again when models are deleted, not while they are in the trash", async () => {
    const before = (await storageOf()).usedBytes;
    await app.request(`/api/v1/models/${model.id}`, { method: "DELETE" });
    assert.equal((await storageOf()).usedBytes, before);
    assert.equal((await importModel()).status, 413);
    await app.request(`/api/v1/models/${model.id}?permanent=true`, { method: "DELETE" });
    assert.equal((await storageOf()).usedBytes, before - size);
    assert.equal((await importModel()).status, 201);
  });

  it("doesn't count what is only looked at", async () => {
    const body = photoForm(await readPhoto("sofa.jpg"));
    const answer = await app.request("/api/v1/cutouts", { method: "POST", body });
    assert.equal(answer.status, 200, await answer.clone().text());
  });
});

describe("a reserve of the disk", () => {
  it("is left alone by uploads and used by results of paid work", async () => {
    await using fake = { part: await startFakeGenapi(), [Symbol.asyncDispose]: () => fake.part.dispose() };
    fake.part.script("immediate");
    await using app = await startTestApp({
      fake: fake.part,
      env: { DISK_RESERVE_BYTES: String(Number.MAX_SAFE_INTEGER) },
    });
    const answer = await postPhoto(app, photoForm(await readPhoto("sofa.jpg")));
    assert.equal(answer.status, 507);
    await refusedAs("disk-full", answer);
    assert.deepEqual(await filesBelow(`${app.uploads}/temp`), []);
    assert.equal(fake.part.creates().length, 0);
    const { id } = await createAs(app, LOCAL_USER_ID, { photo: 1 });
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
  });
});

describe("an event loop that is late", () => {
  it("turns new work away, and tells how it is", async () => {
    let milliseconds = 0;
    await using app = await startTestApp({ lag: { milliseconds: () => milliseconds, dispose() {} } });
    assert.equal((await app.request("/api/v1/models")).status, 200);
    milliseconds = 1001;
    const refused = await app.request("/api/v1/models");
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get("Retry-After")) > 0);
    await refusedAs("overloaded", refused);
    for (const path of ["/health", "/health/live", "/health/ready", "/metrics", "/api/health"]) {
      assert.equal((await app.request(path)).status, 200, path);
    }
    milliseconds = 1000;
    assert.equal((await app.request("/api/v1/models")).status, 200);
  });
});
