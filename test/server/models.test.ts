import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { z } from "zod";
import type { Model, ModelPage } from "../../server/contract/model.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, readModel } from "../support/client.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";
import { GlbBuilder } from "../support/make-glb.ts";
import { noisyPicture, wavyBall } from "../support/model-zoo.ts";

type Page = z.infer<typeof ModelPage>;

describe("models", () => {
  let app: TestApp;
  let glb: Buffer;

  before(async () => {
    app = await startTestApp();
    glb = await makeSampleGlb();
  });
  after(() => app.dispose());

  const importGlb = async (name: string) => {
    const response = await app.request("/api/v1/models", {
      method: "POST",
      body: photoForm(glb, { name }, "thing.glb", "file"),
    });
    assert.equal(response.status, 201);
    return (await response.json()) as Model;
  };
  const patch = (id: string, body: object, headers: Record<string, string> = {}) =>
    app.request(`/api/v1/models/${id}`, {
      method: "PATCH",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...headers },
    });
  const list = async (query: string) => (await (await app.request(`/api/v1/models?${query}`)).json()) as Page;

  it("imports a GLB and serves its files with ranges, ETag and 304", async () => {
    const model = await importGlb("Vase");
    const { url, bytes, sha256 } = model.files.original!;
    const whole = await app.request(url);
    assert.equal(whole.headers.get("etag"), `"${sha256}"`);
    assert.equal(whole.headers.get("content-type"), "model/gltf-binary");
    assert.match(whole.headers.get("cache-control") ?? "", /immutable/);
    assert.match(whole.headers.get("content-security-policy") ?? "", /sandbox/);
    const content = Buffer.from(await whole.arrayBuffer());
    assert.deepEqual(content, glb, "the original is never altered");
    const part = await app.request(url, { headers: { Range: "bytes=4-11" } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get("content-range"), `bytes 4-11/${bytes}`);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), content.subarray(4, 12));
    const tail = await app.request(url, { headers: { Range: "bytes=-5" } });
    assert.deepEqual(Buffer.from(await tail.arrayBuffer()), content.subarray(-5));
    assert.equal((await app.request(url, { headers: { Range: `bytes=${bytes}-` } })).status, 416);
    const stale = await app.request(url, { headers: { Range: "bytes=0-3", "If-Range": '"other"' } });
    assert.equal(stale.status, 200);
    await stale.arrayBuffer();
    assert.equal((await app.request(url, { headers: { "If-None-Match": `"${sha256}"` } })).status, 304);
    const head = await app.request(url, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), String(bytes));
  });

  it("changes name, tags and true size, guarded by If-Match", async () => {
    const model = await importGlb("Before");
    const version = (await app.request(`/api/v1/models/${model.id}`)).headers.get("etag")!;
    const renamed = await patch(model.id, { name: "After", tags: ["one"] }, { "If-Match": version });
    assert.equal(renamed.status, 200);
    assert.notEqual(renamed.headers.get("etag"), version);
    assert.equal((await patch(model.id, { name: "Late" }, { "If-Match": version })).status, 412);
    const sized = (await (await patch(model.id, { dimensions: { width: 2, unit: "m" } })).json()) as Model;
    assert.ok(Math.abs(sized.dimensions.width - 2) < 0.001);
    const { min, max } = sized.stats.boundingBoxMetres;
    assert.ok(Math.abs(max[2] - min[2] - 2) < 0.001);
    assert.deepEqual(sized.remarks, []);
    const huge = (await (await patch(model.id, { dimensions: { width: 90, unit: "m" } })).json()) as Model;
    assert.deepEqual(huge.remarks, ["huge"]);
    const sheet = { length: 100, width: 1, height: 100 };
    const flat = (await (await patch(model.id, { dimensions: sheet })).json()) as Model;
    assert.deepEqual(flat.remarks, ["flat"]);
    assert.notEqual(sized.files.glb!.sha256, model.files.glb!.sha256);
    assert.equal(sized.files.original!.sha256, model.files.original!.sha256);
    const stored = await app.context.records.ModelFile.findAll({ where: { modelId: model.id } });
    assert.ok(stored.every(({ key }) => existsSync(path.join(app.uploads, key))));
    const old = await app.request(model.files.glb!.url);
    assert.equal(old.headers.get("cache-control"), "private, no-cache", "an old URL isn't kept for ever");
    await old.arrayBuffer();
  });

  it("imports at true size within a bound of bytes, which can be changed", async () => {
    const builder = new GlbBuilder();
    builder.add(wavyBall(30), builder.textured(await noisyPicture(640), "image/jpeg"));
    const source = await builder.build();
    const fields = {
      name: "Bounded",
      dimensions: JSON.stringify({ height: 12, unit: "in" }),
      delivery: JSON.stringify({ maxBytes: 60_000 }),
    };
    const body = photoForm(source, fields, "thing.glb", "file");
    const model = (await (await app.request("/api/v1/models", { method: "POST", body })).json()) as Model;
    assert.deepEqual([model.dimensions.height, model.dimensions.unit], [12, "in"]);
    assert.deepEqual(model.delivery, { maxBytes: 60_000 });
    assert.ok(model.files.glb!.bytes <= 60_000 && model.stats.delivery?.isWithinBudget);
    assert.ok((model.stats.delivery.textureSide ?? 640) < 640);
    assert.deepEqual([model.arAdvice, model.remarks], [[], []]);

    const change = async (maxBytes: number | null) =>
      (await (await patch(model.id, { delivery: { maxBytes } })).json()) as Model;
    const free = await change(null);
    assert.ok(free.files.glb!.bytes > 60_000 && free.stats.delivery?.textureSide === 640);
    assert.deepEqual(free.dimensions, model.dimensions);
    assert.deepEqual((await change(null)).files.glb, free.files.glb, "the same again");
    assert.equal((await patch(model.id, { delivery: { maxBytes: 5 } })).status, 400);
    const tiny = await change(20_000);
    assert.ok(tiny.files.glb!.bytes <= 20_000 || tiny.remarks.includes("over-budget"));
  });

  it("keeps notes and the photo's viewpoint in the metadata", async () => {
    const model = await importGlb("Noted");
    const hotspot = {
      id: "a",
      position: [0.5, 1, 0.5],
      normal: [0, 1, 0],
      text: "Costs $1 or $x, that's \\all",
    };
    const viewpoint = { direction: [0, 0, 1], centre: [0.5, 0.4], height: 0.8 };
    const noted = await patch(model.id, { hotspots: [hotspot] });
    const version = noted.headers.get("etag")!;
    assert.deepEqual(((await noted.json()) as Model).metadata, { hotspots: [hotspot] });
    const both = (await (await patch(model.id, { viewpoint }, { "If-Match": version })).json()) as Model;
    assert.deepEqual(both.metadata, { hotspots: [hotspot], viewpoint });
    assert.equal((await patch(model.id, { hotspots: [] }, { "If-Match": version })).status, 412);
    const forgotten = (await (
      await patch(model.id, { viewpoint: null, name: "Still noted" })
    ).json()) as Model;
    assert.deepEqual(forgotten.metadata, { hotspots: [hotspot] });
    for (const wrong of [
      Array.from({ length: 51 }, (_, index) => ({ ...hotspot, id: String(index) })),
      [hotspot, hotspot],
      [{ ...hotspot, text: " " }],
      [{ ...hotspot, text: "x".repeat(501) }],
      [{ ...hotspot, position: [0, 0, 1e9] }],
      [{ ...hotspot, colour: "red" }],
    ]) {
      assert.equal((await patch(model.id, { hotspots: wrong })).status, 400);
    }
  });

  it("goes to the trash and back, and for ever", async () => {
    const { id } = await importGlb("Trash me");
    const remove = (query = "") => app.request(`/api/v1/models/${id}${query}`, { method: "DELETE" });
    assert.equal((await remove("?permanent=true")).status, 409, "only from the trash");
    assert.equal((await remove()).status, 204);
    assert.equal((await remove()).status, 204, "safe to repeat");
    assert.ok((await list("status=deleted")).items.some((model) => model.id === id));
    assert.ok(!(await list("limit=100")).items.some((model) => model.id === id));
    assert.equal((await app.request(`/api/v1/models/${id}/restore`, { method: "POST" })).status, 200);
    assert.equal((await readModel(app, id)).deletedAt, null);
    const keys = (await app.context.records.ModelFile.findAll({ where: { modelId: id } })).map(
      ({ key }) => key,
    );
    await remove();
    assert.equal((await remove("?permanent=true")).status, 204);
    assert.equal((await app.request(`/api/v1/models/${id}`)).status, 404);
    assert.ok(keys.every((key) => !existsSync(path.join(app.uploads, key))));
  });

  it("searches by prefix in both scripts, filters by tag, sorts and pages without gaps", async () => {
    const names = ["Красное кресло", "red Armchair", "Apple", "banana", "Zebra"];
    for (const name of names) await patch((await importGlb(name)).id, { tags: ["listed"] });
    const find = async (q: string) =>
      (await list(`tag=listed&q=${encodeURIComponent(q)}`)).items.map(({ name }) => name);
    assert.deepEqual(await find("крес"), ["Красное кресло"]);
    assert.deepEqual(await find("ARM re"), ["red Armchair"]);
    assert.deepEqual(await find("'); DROP TABLE models_3d; --"), []);
    assert.deepEqual(await find("%_*!"), []);
    for (const sort of ["name", "-name", "createdAt", "-createdAt", "updatedAt", "-updatedAt"]) {
      const all = (await list(`tag=listed&sort=${sort}`)).items.map(({ id }) => id);
      const paged: string[] = [];
      let cursor = "";
      do {
        const page = await list(`tag=listed&sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`);
        paged.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? "";
      } while (cursor);
      assert.deepEqual(paged, all, sort);
      assert.equal(all.length, names.length);
    }
    assert.deepEqual(
      (await list("tag=listed&sort=name")).items.map(({ name }) => name),
      ["Apple", "banana", "red Armchair", "Zebra", "Красное кресло"],
    );
    const tags = (await (await app.request("/api/v1/tags")).json()) as {
      items: { tag: string; count: number }[];
    };
    assert.ok(tags.items.some(({ tag, count }) => tag === "listed" && count === names.length));
  });

  it("refuses control characters and bodies that are too large", async () => {
    const { id } = await importGlb("Plain");
    for (const body of [{ tags: ["a\u0000"] }, { name: "a\u0007b" }, { description: "a\u0000" }]) {
      assert.equal((await patch(id, body)).status, 400, JSON.stringify(body));
    }
    assert.equal((await patch(id, { description: "two\nlines\tok" })).status, 200);
    assert.equal((await patch(id, { description: "x".repeat(200_000) })).status, 413);
  });

  it("refuses what is not a GLB, and keeps nothing of it", async () => {
    const before = await app.context.records.Model3d.count();
    for (const [bytes, code] of [
      [Buffer.from("not a model"), "not-a-glb"],
      [glb.subarray(0, glb.length - 100), "model-invalid"],
    ] as const) {
      const response = await app.request("/api/v1/models", {
        method: "POST",
        body: photoForm(bytes, {}, "thing.glb", "file"),
      });
      assert.equal(((await response.json()) as { code: string }).code, code);
    }
    assert.equal(await app.context.records.Model3d.count(), before);
  });
});
