import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import { finishErasures } from "../../server/services/erasure/finish-erasures.ts";
import { applyRetention } from "../../server/services/erasure/retention.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";

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
  await finishErasures(app.context);

  const models = (await Model3d.findAll()).map(({ id }) => id);
  assert.deepEqual(new Set(models), new Set([fresh, changed]));
  assert.deepEqual([await filesOf(old), await filesOf(inTrash)], [[], []]);
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
