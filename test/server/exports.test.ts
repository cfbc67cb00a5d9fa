import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createExporter } from "../../server/assets/export/exporter.ts";
import type { ExportKind, Model } from "../../server/contract/model.ts";
import { AppError } from "../../server/errors.ts";
import { ensureFile } from "../../server/services/derived-files.ts";
import { removeOrphans } from "../../server/services/housekeeping.ts";
import { originalKey } from "../../server/services/publish-model.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, readModel } from "../support/client.ts";
import { readStl } from "../support/exports/read-stl.ts";
import { SAMPLE_PROVENANCE } from "../support/exports/sample.ts";
import { boxGlb } from "../support/make-glb.ts";

describe("files on demand", () => {
  let app: TestApp;

  before(async () => {
    app = await startTestApp();
  });
  after(() => app.dispose());

  const importBox = async (name = "Box") => {
    const body = photoForm(await boxGlb([0.2, 0.3, 0.1]), { name }, "box.glb", "file");
    const response = await app.request("/api/v1/models", { method: "POST", body });
    assert.equal(response.status, 201);
    return (await response.json()) as Model;
  };
  const patch = (id: string, changes: object, headers: Record<string, string> = {}) =>
    app.request(`/api/v1/models/${id}`, {
      method: "PATCH",
      body: JSON.stringify(changes),
      headers: { "Content-Type": "application/json", ...headers },
    });
  const stl = async (model: Model) => {
    const response = await app.request(`/api/v1/models/${model.id}/files/model.stl`);
    assert.equal(response.status, 200);
    return Buffer.from(await response.arrayBuffer());
  };
  const rows = (modelId: string, kind = "stl" as const) =>
    app.context.records.ModelFile.findAll({ where: { modelId, kind } });

  it("are made at the first request, with all headers, and then kept", async () => {
    const model = await importBox("Ящик “№1”");
    assert.deepEqual(model.exports.stl, {
      url: `/api/v1/models/${model.id}/files/model.stl`,
      mediaType: "model/stl",
      bytes: null,
      sha256: null,
    });
    const before = (await app.request(`/api/v1/models/${model.id}`)).headers.get("etag")!;
    const head = await app.request(model.exports.stl!.url, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("content-type"), "model/stl");
    assert.match(head.headers.get("content-disposition") ?? "", /filename\*=UTF-8''%D0%AF/);
    const [row] = await rows(model.id);
    assert.equal(head.headers.get("etag"), `"${row.sha256}"`);
    assert.equal(head.headers.get("content-length"), String(row.bytes));
    const stale = await app.request(`/api/v1/models/${model.id}`, { headers: { "If-None-Match": before } });
    assert.equal(stale.status, 200, "what was read before the file was made is no longer right");
    const made = ((await stale.json()) as Model).exports.stl!;
    const guarded = await patch(model.id, { tags: ["known"] }, { "If-Match": stale.headers.get("etag")! });
    assert.equal(guarded.status, 200);
    assert.deepEqual([made.bytes, made.sha256], [row.bytes, row.sha256]);
    const whole = await app.request(made.url);
    assert.match(whole.headers.get("cache-control") ?? "", /immutable/);
    const { low, high } = readStl(Buffer.from(await whole.arrayBuffer()));
    assert.deepEqual(
      high.map((value, axis) => Math.round(value - low[axis])),
      [200, 100, 300],
      "millimetres, Z up",
    );
    const part = await app.request(made.url, { headers: { Range: "bytes=80-83" } });
    assert.equal(part.status, 206);
    assert.equal(Buffer.from(await part.arrayBuffer()).readUInt32LE(), 12);
    const again = await app.request(made.url, { headers: { "If-None-Match": `"${row.sha256}"` } });
    assert.equal(again.status, 304);
  });

  it("are made once for all who ask at the same time, and by one of two processes", async () => {
    const model = await importBox();
    const { records, storage, exporter } = app.context;
    let made = 0;
    const bothMake = Promise.withResolvers<void>();
    const counted = () => ({
      ...exporter,
      make: async (task: Parameters<typeof exporter.make>[0]) => {
        if (++made === 2) bothMake.resolve();
        // A process that looks only after the other has made the file has nothing to make.
        await bothMake.promise;
        return exporter.make(task);
      },
    });
    const [one, other] = [counted(), counted()];
    const answers = await Promise.all(
      [one, one, one, other, other].map((each) =>
        ensureFile({ records, storage, exporter: each }, model, "stl"),
      ),
    );
    assert.equal(made, 2, "once a process");
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    assert.equal((await rows(model.id)).length, 1);
    assert.ok(existsSync(path.join(app.uploads, answers[0].key)));
  });

  it("never show a size or a name that the model no longer has", async () => {
    const model = await importBox("Before");
    const { records, storage, exporter } = app.context;
    let changes = 0;
    const slow = {
      ...exporter,
      make: async (task: Parameters<typeof exporter.make>[0]) => {
        const made = await exporter.make(task);
        if (changes++ === 0) {
          assert.equal((await patch(model.id, { dimensions: { height: 60 }, name: "After" })).status, 200);
        }
        return made;
      },
    };
    const row = await ensureFile({ records, storage, exporter: slow }, model, "stl");
    assert.equal(changes, 2, "made anew");
    const heightOf = ({ high, low }: ReturnType<typeof readStl>) => Math.round(high[2] - low[2]);
    const first = readStl(await stl(model));
    assert.equal(heightOf(first), 600);
    assert.match(first.header, /After/);
    assert.equal((await patch(model.id, { dimensions: { height: 15 } })).status, 200);
    assert.equal((await readModel(app, model.id)).exports.stl?.bytes, null);
    assert.ok(!existsSync(path.join(app.uploads, row.key)));
    assert.equal(heightOf(readStl(await stl(model))), 150);
    await patch(model.id, { name: "Last" });
    assert.match(readStl(await stl(model)).header, /Last/);
    await patch(model.id, { tags: ["kept"] });
    assert.equal((await rows(model.id)).length, 1, "tags change no file");
  });

  it("go with the model into the trash, and come back when they are asked for", async () => {
    const model = await importBox();
    await stl(model);
    const [{ key }] = await rows(model.id);
    await app.request(`/api/v1/models/${model.id}`, { method: "DELETE" });
    assert.ok(!existsSync(path.join(app.uploads, key)));
    assert.deepEqual((await readModel(app, model.id)).exports, {});
    assert.equal((await app.request(`/api/v1/models/${model.id}/files/model.stl`)).status, 404);
    await app.request(`/api/v1/models/${model.id}/restore`, { method: "POST" });
    assert.ok((await stl(model)).length > 84);
    const [row] = await rows(model.id);
    await app.context.storage.remove(row.key);
    assert.ok((await stl(model)).length > 84, "a lost file is made anew");
  });

  it("leave nothing behind where they fail, and say what to do", async () => {
    const model = await importBox();
    const { records, storage, exporter } = app.context;
    const hasty = createExporter({ threads: 1, timeLimitSeconds: 0.001 });
    // A repair takes longer than this thread may need to hear of its start.
    await assert.rejects(
      ensureFile({ records, storage, exporter: hasty }, model, "print-stl"),
      (error: AppError) => error.code === "export-failed" && /too long/.test(error.detail.en),
    );
    await hasty.dispose();
    const stored = async () =>
      (await Array.fromAsync(storage.list(`models/${model.id}/`))).map(({ key }) => key);
    const before = await stored();
    const full = {
      ...storage,
      publish: async () => {
        throw new AppError("disk-full");
      },
    };
    await assert.rejects(
      ensureFile({ records, storage: full, exporter }, model, "stl"),
      (error: AppError) => error.code === "disk-full",
    );
    assert.deepEqual(await stored(), before);
    assert.equal((await rows(model.id)).length, 0);
    assert.ok((await stl(model)).length > 84, "the next request makes it");
  });

  it("that failed are not tried again by each visitor, but once the model has changed", async () => {
    const model = await importBox();
    const { records, storage, exporter } = app.context;
    let tries = 0;
    const failing = {
      ...exporter,
      make: async () => {
        tries++;
        throw new AppError(tries > 2 ? "overloaded" : "export-failed");
      },
    };
    const ask = () => ensureFile({ records, storage, exporter: failing }, model, "stl");
    const failed = (error: AppError) => error.code === "export-failed";
    await assert.rejects(ask, failed);
    await assert.rejects(ask, failed);
    assert.equal(tries, 1);
    assert.equal((await patch(model.id, { dimensions: { height: 5 } })).status, 200);
    await assert.rejects(ask, failed);
    assert.equal(tries, 2);
    await patch(model.id, { name: "Other" });
    for (const count of [3, 4]) {
      await assert.rejects(ask, (error: AppError) => error.code === "overloaded");
      assert.equal(tries, count, "what passes is tried again");
    }
  });

  it("are refused politely when too many wait", async () => {
    const model = await importBox();
    const busy = createExporter({ threads: 1 });
    const source = await app.context.storage.materialize(originalKey(model.id));
    await using workspace = Object.assign(await app.context.storage.workspace(), {
      [Symbol.asyncDispose]: () => workspace.dispose(),
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () =>
        busy.make({
          kind: "stl",
          sourcePath: source.path,
          targetFolder: workspace.path,
          dimensions: null,
          name: "Box",
          provenance: SAMPLE_PROVENANCE,
        }),
      ),
    );
    await busy.dispose();
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    assert.ok(refused.length >= 10 && refused.length < 30, `${refused.length} refused`);
    assert.ok(refused.every((error) => error.code === "overloaded" && error.entry.status === 503));
  });

  it("of one repair are made by one piece of work, whoever asks for which, and lost ones with it", async () => {
    const model = await importBox();
    const { records, storage, exporter } = app.context;
    const made: string[] = [];
    const counted = {
      ...exporter,
      make: (task: Parameters<typeof exporter.make>[0]) => {
        made.push(task.kind);
        return exporter.make(task);
      },
    };
    const ask = (kind: ExportKind) => ensureFile({ records, storage, exporter: counted }, model, kind);
    const kinds = ["print-stl", "print-repair", "print-3mf"] as const;
    const files = await Promise.all(kinds.map(ask));
    assert.deepEqual(
      files.map(({ kind }) => kind),
      kinds,
    );
    assert.equal(made.length, 1, "all wait for the same repair");
    const { exports } = await readModel(app, model.id);
    for (const { kind, bytes } of files) assert.equal(exports[kind as ExportKind]?.bytes, bytes);
    await storage.remove(files[2].key);
    assert.deepEqual((await ask("print-stl")).key, files[0].key);
    assert.equal(made.length, 2);
    assert.ok(await storage.stat(files[2].key), "what was lost is back");
    await ask("print-3mf");
    assert.equal(made.length, 2);
  });

  it("go on for others when the first who asked goes away", async () => {
    const model = await importBox();
    const leaving = new AbortController();
    const first = fetch(`${app.url}/api/v1/models/${model.id}/files/model.3mf`, { signal: leaving.signal });
    const second = app.request(`/api/v1/models/${model.id}/files/model.3mf`);
    leaving.abort();
    await assert.rejects(first, { name: "AbortError" });
    const answer = await second;
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "model/3mf");
    await answer.arrayBuffer();
  });

  it("that a crash left unnamed are swept, those that are named stay", async () => {
    const model = await importBox();
    await stl(model);
    const [{ key }] = await rows(model.id);
    const { storage, records, logger } = app.context;
    const stray = `models/${model.id}/stl-0123456789abcdef.stl`;
    await using workspace = Object.assign(await storage.workspace(), {
      [Symbol.asyncDispose]: () => workspace.dispose(),
    });
    const half = path.join(workspace.path, "half");
    await writeFile(half, "half");
    await storage.publish(stray, half);
    await removeOrphans({ records, storage, logger }, -1);
    assert.equal(await storage.stat(stray), null);
    assert.ok(await storage.stat(key));
  });
});
