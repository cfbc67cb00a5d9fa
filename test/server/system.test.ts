import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { OrphanReport, SystemInfo, SystemStats } from "../../server/contract/system.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readGeneration, readPhoto, waitForGeneration } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { jobDone } from "../support/job-done.ts";
import { until } from "../support/until.ts";

const OPS_TOKEN = "kF7pQ2xV9sLd4WmZ8tRb1NcYh5GjUe3A";
const YESTERDAY = new Date(Date.now() - 2 * 86_400_000);

describe("administration of the system", () => {
  let database: TestDatabase;
  let app: TestApp;
  before(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ databaseUrl: database.url, env: { OPS_TOKEN } });
    // Else the sweep at the start may be faster than the one that is asked for.
    await app.context.switches.set("housekeeping", { running: false });
  });
  after(async () => {
    await app.dispose();
    await database.dispose();
  });

  const read = async <T>(address: string) => (await (await app.request(address)).json()) as T;
  const post = (address: string, body?: object) =>
    app.request(address, {
      method: "POST",
      ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
  const create = async () => {
    const response = await postPhoto(app, photoForm(await readPhoto("sofa.jpg"), { preset: "draft" }));
    return ((await response.json()) as { id: string }).id;
  };

  it("says what runs here, with every setting and no secret", async () => {
    const text = await (await app.request("/api/system/info")).text();
    const info = JSON.parse(text) as SystemInfo;
    assert.ok(!text.includes(OPS_TOKEN));
    assert.ok(!text.includes(new URL(database.url).password || OPS_TOKEN));
    const shown = new Map(info.settings.map((setting) => [setting.name, setting]));
    assert.deepEqual(shown.get("OPS_TOKEN"), {
      name: "OPS_TOKEN",
      value: null,
      isSecret: true,
      isSet: true,
      isFromFile: false,
    });
    assert.equal(
      shown.get("DATABASE_URL")?.value,
      `postgres://${new URL(database.url).host}${new URL(database.url).pathname}`,
    );
    assert.equal(shown.get("RATE_LIMIT_PER_HOUR")?.value, "0");
    assert.equal(info.commit === null || /^[0-9a-f]{40}$/.test(info.commit), true);
    assert.ok(info.database.bytes > 1e6 && info.store.totalBytes >= info.store.freeBytes);
  });

  it("holds new work while the queue rests, tells so to all replicas, and counts what was made", async () => {
    await using other = await startTestApp({ databaseUrl: database.url, uploads: app.uploads });
    assert.equal((await post("/api/system/processes/queue/stop")).status, 200);
    await until("the other has heard", () => !other.context.switches.get("queue").running);
    const id = await create();
    await jobDone(app, "submit-local", id);
    assert.equal((await readGeneration(app, id)).status, "queued");
    const { items } = await read<{ items: { name: string; isRunning: boolean }[] }>("/api/system/processes");
    assert.equal(items.find(({ name }) => name === "queue")?.isRunning, false);
    assert.equal((await read<SystemStats>("/api/system/stats")).now.generations.queued, 1);

    // It is the end of the rest that begins the work: the sweep leaves what has just been queued to its job.
    await app.context.records.sequelize.query(
      "UPDATE generation_tasks SET updated_at = now() + interval '1 day' WHERE id = :id",
      { replacements: { id } },
    );
    assert.equal((await post("/api/system/processes/queue/start")).status, 200);
    assert.equal((await waitForGeneration(app, id)).status, "succeeded");
    await app.context.cache.cache.clear("*");
    const stats = await read<SystemStats>("/api/system/stats");
    for (const period of [stats.last24Hours, stats.allTime]) {
      assert.deepEqual([period.generations, period.succeeded, period.models], [1, 1, 1]);
      assert.equal(period.successRate, 1);
      assert.ok(period.meanSeconds! > 0 && period.bytes.models > 1000 && period.bytes.photos > 1000);
    }
    assert.equal(stats.hours.length, 24);
    assert.equal(
      stats.hours.reduce((sum, { succeeded }) => sum + succeeded, 0),
      1,
    );
    const audit = await read<{ items: { action: string }[] }>("/api/system/audit?action=system.process");
    assert.deepEqual(
      audit.items.map(({ action }) => action),
      ["system.process-started", "system.process-stopped"],
    );
  });

  it("brings forward work that was put off for a while, and no other", async () => {
    const { queue, records } = app.context;
    const [soon, later] = [randomUUID(), randomUUID()];
    for (const [generationId, delaySeconds] of [
      [soon, 3600],
      [later, 10_800],
    ] as const) {
      await queue.enqueue("submit-local", { generationId, requestId: null }, { delaySeconds });
    }
    await queue.bringForward(7200);
    await jobDone(app, "submit-local", soon);
    const [waiting] = await records.sequelize.query(
      "SELECT singleton_key FROM jobs.job WHERE state = 'created' AND name = 'submit-local'",
    );
    assert.deepEqual(waiting, [{ singleton_key: later }]);
  });

  it("can't start what the settings leave out", async () => {
    const response = await post("/api/system/processes/monitor/start");
    const { items } = (await response.json()) as { items: Record<string, unknown>[] };
    assert.deepEqual(items[0], {
      name: "monitor",
      isSetUp: false,
      isRunning: false,
      rhythm: { kind: "seconds", value: null },
    });
    assert.equal((await post("/api/system/processes/nothing/stop")).status, 400);
  });

  it("finds files without a record and records without a file, and removes only the former", async () => {
    const stray = path.join(app.uploads, "models", randomUUID(), "model.glb");
    const fresh = path.join(app.uploads, "input", "zz", "fresh.jpg");
    for (const file of [stray, fresh]) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, "left over");
    }
    await utimes(stray, YESTERDAY, YESTERDAY);
    const thumbnail = await app.context.records.ModelFile.findOne({ where: { kind: "thumbnail" } });
    await rm(path.join(app.uploads, thumbnail!.key));

    const look = async (remove: boolean) =>
      (await (await post("/api/system/orphans", { remove })).json()) as OrphanReport;
    const report = await look(false);
    assert.deepEqual(
      [report.isOwnStore, report.files.count, report.files.bytes, report.removed],
      [true, 1, 9, 0],
    );
    assert.deepEqual(report.rows, {
      count: 1,
      sample: [{ kind: "thumbnail", key: thumbnail!.key, modelId: thumbnail!.modelId }],
    });
    assert.equal((await look(true)).removed, 1);
    await assert.rejects(stat(stray));
    await stat(fresh);
    const after = await look(false);
    assert.deepEqual([after.files.count, after.rows.count], [0, 1]);
  });
});
