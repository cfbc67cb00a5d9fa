import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../server/config.ts";
import type { Model } from "../../server/contract/model.ts";
import { finishErasures } from "../../server/services/erasure/finish-erasures.ts";
import { applyRetention } from "../../server/services/erasure/retention.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { entryOf, readZip } from "../support/exports/read-zip.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";
import { until } from "../support/until.ts";

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.dispose());

async function importModel(): Promise<string> {
  const body = photoForm(await makeSampleGlb(), {}, "thing.glb", "file");
  const answer = await app.request("/api/v1/models", { method: "POST", body });
  return ((await answer.json()) as Model).id;
}

/** Until nothing waits any more: what the sweep of the app has in hand at this moment it finishes by itself. */
async function untilErased(): Promise<void> {
  const isDue = async () => {
    const [rows] = await app.context.records.sequelize.query(
      "SELECT FROM files_to_erase WHERE due_at <= now() LIMIT 1",
    );
    return rows.length > 0;
  };
  while (await isDue()) if ((await finishErasures(app.context)) === 0) await sleep(20);
}

const filesOf = (id: string) => readdir(path.join(app.uploads, "models", id)).catch(() => []);

/** As if nobody had touched it for so many days. */
async function age(table: "models_3d" | "generation_tasks", id: string, days: number): Promise<void> {
  const times =
    table === "models_3d" ? "updated_at" : "finished_at = CASE WHEN finished_at IS NULL THEN NULL ELSE";
  const past = `now() - interval '${days} days'`;
  const set = table === "models_3d" ? `${times} = ${past}` : `${times} ${past} END, updated_at = ${past}`;
  await app.context.records.sequelize.query(
    `BEGIN; ALTER TABLE ${table} DISABLE TRIGGER USER; UPDATE ${table} SET ${set} WHERE id = '${id}';
     ALTER TABLE ${table} ENABLE TRIGGER USER; COMMIT`,
  );
}

/** A generation of long ago in this state, with a photo of its own. */
async function insertGeneration(status: string): Promise<string> {
  const [rows] = await app.context.records.sequelize.query(
    `WITH photo AS (
       INSERT INTO photos (id, sha256, key, media_type, bytes, width, height)
       SELECT gen_random_uuid(), encode(sha256(x), 'hex'), 'input/none/' || encode(sha256(x), 'hex'), 'image/jpeg', 1, 1, 1
         FROM (SELECT gen_random_uuid()::text::bytea AS x) made RETURNING id)
     INSERT INTO generation_tasks (id, user_id, status, provider, network, params, name, photo_id, reserved_model_id,
                                   finished_at, error)
     SELECT gen_random_uuid(), (SELECT id FROM users LIMIT 1), $1::varchar, 'genapi', 'trellis', '{}', 'x', photo.id,
            gen_random_uuid(), CASE WHEN $1 IN ('failed', 'canceled') THEN now() END,
            CASE WHEN $1 = 'failed' THEN '{"code":"internal"}'::jsonb END FROM photo RETURNING id`,
    { bind: [status] },
  );
  const { id } = (rows as { id: string }[])[0];
  await age("generation_tasks", id, 100);
  return id;
}

it("deletes what nobody changed for so long, with files and links, and never what still runs", async () => {
  const { Model3d, Generation, Photo, Share, AuditEntry } = app.context.records;
  const [old, inTrash, fresh, changed] = [
    await importModel(),
    await importModel(),
    await importModel(),
    await importModel(),
  ];
  await app.request(`/api/v1/models/${inTrash}`, { method: "DELETE" });
  const json = { "Content-Type": "application/json" };
  await app.request(`/api/v1/models/${old}/shares`, { method: "POST", headers: json, body: "{}" });
  for (const id of [old, inTrash, changed]) await age("models_3d", id, 31);
  await age("models_3d", fresh, 29);
  const renamed = { method: "PATCH", headers: json, body: JSON.stringify({ name: "In use" }) };
  assert.equal((await app.request(`/api/v1/models/${changed}`, renamed)).status, 200);
  const ended = [await insertGeneration("failed"), await insertGeneration("canceled")];
  const running: string[] = [];
  // Should the sweep take one up meanwhile, it has just changed.
  for (const status of ["queued", "submitting", "processing", "finishing", "needs-confirmation"])
    running.push(await insertGeneration(status));

  assert.equal(await applyRetention(app.context, 30), 4);
  assert.equal(await applyRetention(app.context, 30), 0);
  await untilErased();

  const models = (await Model3d.findAll()).map(({ id }) => id);
  assert.deepEqual(new Set(models), new Set([fresh, changed]));
  // The new link's file for phones may have been in the making; it goes when it turns out that nobody has it.
  const areGone = async () => [await filesOf(old), await filesOf(inTrash)].flat().length === 0;
  await until("the files of deleted models are gone", areGone);
  assert.ok((await filesOf(fresh)).length > 0 && (await filesOf(changed)).length > 0);
  assert.equal(await Share.count(), 0);
  assert.deepEqual(
    new Set((await Generation.findAll({ attributes: ["id"] })).map(({ id }) => id)),
    new Set(running),
  );
  assert.equal(await Photo.count(), running.length);
  const deeds = await AuditEntry.findAll({ where: { subjectId: [old, inTrash, ...ended] } });
  const byServer = deeds.filter(({ details }) => details.because === "retention");
  assert.equal(byServer.length, 4);
  assert.ok(byServer.every(({ actorId }) => actorId === null));
});

it("does so by itself, at the start and once a day, and trims the audit log by its own setting", async () => {
  const { records } = app.context;
  const old = await importModel();
  await age("models_3d", old, 31);
  await records.sequelize.query(
    "INSERT INTO audit_log (id, action, created_at) VALUES (gen_random_uuid(), 'x.old', now() - interval '40 days')",
  );
  const env = { RETENTION_DAYS: "30", AUDIT_RETENTION_DAYS: "31" };
  const { config, uploads } = app;
  assert.ok(config.database.kind === "url");
  const again = await startTestApp({ databaseUrl: config.database.url, uploads, env });
  try {
    const isLeft = async () =>
      (await records.Model3d.count({ where: { id: old } })) +
      (await records.AuditEntry.count({ where: { action: "x.old" } }));
    while (await isLeft()) await sleep(50);
    assert.ok(await records.AuditEntry.count({ where: { action: "model.removed", subjectId: old } }));
  } finally {
    await again.dispose();
  }
  for (const days of ["1", "30"])
    assert.throws(() => loadConfig({ AUDIT_RETENTION_DAYS: days }), /AUDIT_RETENTION_DAYS.*more than 30/);
  assert.equal(loadConfig({ AUDIT_RETENTION_DAYS: "0" }).config.auditRetentionDays, null);
});

it("exports what is kept without accounts too; there is no account to delete then", async () => {
  const answer = await app.request("/api/v1/auth/me/export");
  const entries = await readZip(Buffer.from(await answer.arrayBuffer()));
  const models = JSON.parse(entryOf(entries, "models.json").toString()) as Model[];
  assert.equal(models.length, await app.context.records.Model3d.count());
  const refused = await app.request("/api/v1/auth/me", {
    method: "DELETE",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ password: "whatever it is" }),
  });
  assert.equal(refused.status, 409);
});
