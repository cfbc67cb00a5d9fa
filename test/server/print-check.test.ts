import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import type { Model } from "../../server/contract/model.ts";
import { PrintCheck, PrintRepair } from "../../server/contract/print.ts";
import { presentFacts } from "../../server/routes/present-model.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, readModel } from "../support/client.ts";
import { moved, turned } from "../support/exports/faulty-meshes.ts";
import { read3mf } from "../support/exports/read-3mf.ts";
import { describeMesh, readStl } from "../support/exports/read-stl.ts";
import { ball, box, GlbBuilder } from "../support/make-glb.ts";

describe("print check", () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());

  const get = async (path: string) => {
    const response = await app.request(path);
    assert.equal(response.status, 200, path);
    return response;
  };
  const importGlb = async (fill: (builder: GlbBuilder) => void, name = "Thing") => {
    const builder = new GlbBuilder();
    fill(builder);
    const body = photoForm(await builder.build(), { name }, "thing.glb", "file");
    const response = await app.request("/api/v1/models", { method: "POST", body });
    assert.equal(response.status, 201);
    return (await response.json()) as Model;
  };
  const checkOf = async ({ id }: Model) =>
    PrintCheck.parse(await (await get(`/api/v1/models/${id}/print-check`)).json());
  const codes = ({ reasons }: PrintCheck) => reasons.map(({ code }) => code);

  it("names each fault of a surface and counts it, in the facts too", async () => {
    const open = await importGlb((builder) => builder.add(box([0.1, 0.1, 0.1], 5)));
    assert.deepEqual([open.stats.watertight, open.stats.surface?.openEdges], [false, 4]);
    const opened = await checkOf(open);
    assert.deepEqual(opened.reasons, [{ code: "open-edges", blocks: true, count: 4 }]);
    assert.deepEqual([opened.printable, opened.volumeCubicCentimetres], [false, null]);

    const crowd = await importGlb((builder) => {
      builder.add(box([0.1, 0.1, 0.1]));
      builder.add(moved(turned(ball(0.02, 8), 1), [0.3, 0, 0]));
      builder.add(moved(turned(box([0.02, 0.02, 0.02]), 12), [0.5, 0, 0]));
    });
    const { surface } = crowd.stats;
    assert.deepEqual([surface?.looseParts, surface?.flippedEdges, surface?.isInsideOut], [3, 3, false]);
    const crowded = await checkOf(crowd);
    assert.deepEqual(codes(crowded), ["flipped-faces", "loose-parts", "larger-than-bed"]);
    assert.deepEqual(crowded.parts[0].sizeMillimetres, [100, 100, 100]);
    assert.equal(crowded.parts[0].volumeCubicCentimetres, 1000);
  });

  it("measures walls and crossings at the true size", async () => {
    const plate = await importGlb((builder) => builder.add(box([0.1, 0.0005, 0.08])));
    const thin = await checkOf(plate);
    assert.deepEqual([codes(thin), thin.printable], [["thin-walls"], false]);
    assert.equal(thin.wall?.smallestMillimetres, 0.5);
    await app.request(`/api/v1/models/${plate.id}`, {
      method: "PATCH",
      body: JSON.stringify({ dimensions: { height: 2, unit: "mm" } }),
      headers: { "Content-Type": "application/json" },
    });
    const thick = await checkOf(plate);
    assert.equal(thick.wall?.smallestMillimetres, 2, "made anew for the new size");
    assert.ok(!codes(thick).includes("thin-walls"));

    const crossed = await importGlb((builder) => {
      builder.add(ball(0.03, 8));
      builder.add(moved(ball(0.03, 8), [0.031, 0.002, 0.001]));
    });
    const check = await checkOf(crossed);
    assert.deepEqual([codes(check), check.printable], [["self-intersections", "loose-parts"], true]);
  });

  it("repairs a copy with its colours, says what was done, and leaves the original alone", async () => {
    const red = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#ff0000" } })
      .png()
      .toBuffer();
    const model = await importGlb(
      (builder) => builder.add(box([0.1, 0.1, 0.1], 5), builder.textured(red)),
      "Красный ящик",
    );
    const { steps, check } = PrintRepair.parse(
      await (await get(`/api/v1/models/${model.id}/print-repair`)).json(),
    );
    assert.deepEqual([steps.holesClosed, steps.volumeCubicCentimetres, check.printable], [1, 1000, true]);

    const stl = readStl(Buffer.from(await (await get(model.exports["print-stl"]!.url)).arrayBuffer()));
    assert.ok(stl.isWatertight);
    assert.ok(Math.abs(stl.volume - 1e6) < 10, `${stl.volume} mm³`);
    assert.match(stl.header, /repaired for print; Красный ящик/);
    const answer = await get(model.exports["print-3mf"]!.url);
    assert.match(answer.headers.get("content-disposition") ?? "", /print\.3mf/);
    const package3mf = await read3mf(Buffer.from(await answer.arrayBuffer()));
    const mesh = describeMesh(package3mf.corners);
    assert.ok(mesh.isWatertight);
    assert.ok(Math.abs(mesh.volume - 1e6) < 10, `${mesh.volume} mm³`);
    for (const { colours } of package3mf.dyes) {
      assert.deepEqual(new Set(colours), new Set(["#FF0000FF"]), "the texture's red everywhere");
    }
    assert.match(package3mf.metadata.Description, /"holesClosed":1/);
    const after = await readModel(app, model.id);
    assert.equal(after.files.original?.sha256, model.files.original?.sha256);
    assert.equal(after.files.glb?.sha256, model.files.glb?.sha256);
  });

  it("tells a generated board from a box and from a relief that was wanted", async () => {
    const remarksOf = async (size: [number, number, number], mode: "object" | "relief") => {
      const { id } = await importGlb((builder) => builder.add(box(size)));
      const row = await app.context.records.Model3d.findByPk(id, { rejectOnEmpty: true });
      const report = { mode, maskSource: "box", confidence: 1, scaleAssumed: false };
      return presentFacts(row.set({ generationId: id, report })).remarks;
    };
    assert.deepEqual(await remarksOf([0.2, 0.1, 0.02], "object"), ["slab"]);
    assert.deepEqual(await remarksOf([0.2, 0.1, 0.02], "relief"), []);
    assert.deepEqual(await remarksOf([0.2, 0.1, 0.05], "object"), []);
  });

  it("reads models whose facts are older than the check", async () => {
    const model = await importGlb((builder) => builder.add(box([0.1, 0.1, 0.1])));
    const row = await app.context.records.Model3d.findByPk(model.id, { rejectOnEmpty: true });
    const { surface: _, ...stats } = row.stats;
    await row.update({ stats });
    const read = await readModel(app, model.id);
    assert.equal(read.stats.surface, undefined);
    assert.deepEqual(read.remarks, []);
    assert.equal((await checkOf(read)).printable, true);
  });
});
