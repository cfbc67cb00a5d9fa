import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Transaction } from "sequelize";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readModel, readPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { json } from "../support/fake-genapi/steps.ts";

describe("generations by GenAPI", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let sofa: Buffer;

  before(async () => {
    fake = await startFakeGenapi();
    app = await startTestApp({ fake });
    sofa = await readPhoto("sofa.jpg");
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  const create = async (fields: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const response = await postPhoto(app, photoForm(sofa, fields), headers);
    return { response, body: (await response.json()) as Generation };
  };

  it("accepts a photo, polls and publishes the model at true size", async () => {
    fake.script("progress");
    const { response, body } = await create({
      name: "Диван",
      tags: '["sofa","oak"]',
      dimensions: '{"height":90,"unit":"cm"}',
    });
    assert.equal(response.status, 202);
    assert.equal(response.headers.get("location"), `/api/v1/generations/${body.id}`);
    assert.equal(body.provider, "genapi");
    assert.equal(body.network, "trellis");
    const done = await waitForGeneration(app, body.id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    const model = await readModel(app, done.modelId!);
    assert.equal(model.name, "Диван");
    assert.deepEqual(model.tags, ["sofa", "oak"]);
    assert.ok(Math.abs(model.dimensions.height - 90) < 0.1);
    const { min, max } = model.stats.boundingBoxMetres;
    assert.ok(Math.abs(max[1] - min[1] - 0.9) < 0.001);
    assert.ok(Math.abs(min[1]) < 1e-4, "the base stands at the origin");
    assert.deepEqual(Object.keys(model.files).sort(), ["glb", "original", "photo", "thumbnail"]);
    assert.deepEqual([...fake.createsPerPhoto().values()], [1]);
  });

  it("answers the first generation again for the same idempotency key", async () => {
    fake.script("immediate");
    const first = await create({ name: "Once" }, { "Idempotency-Key": "key-1" });
    const second = await create({ name: "Once" }, { "Idempotency-Key": "key-1" });
    assert.equal(second.body.id, first.body.id);
    const other = await create({ name: "Twice" }, { "Idempotency-Key": "key-1" });
    assert.equal(other.response.status, 409);
    assert.equal((other.body as unknown as { code: string }).code, "idempotency-mismatch");
    await waitForGeneration(app, first.body.id);
  });

  it("makes one generation of simultaneous requests with one key", async () => {
    fake.script("immediate");
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => create({ name: "Race" }, { "Idempotency-Key": "key-race" })),
    );
    assert.deepEqual([...new Set(answers.map(({ body }) => body.id))].length, 1);
    await waitForGeneration(app, answers[0].body.id);
  });

  it("fails with the provider's reason, and starts again on request", async () => {
    fake.script("forbidden");
    const { body } = await create();
    const failed = await waitForGeneration(app, body.id);
    assert.equal(failed.status, "failed");
    assert.equal(failed.error?.code, "provider-forbidden");
    fake.script("immediate");
    const retried = await app.request(`/api/v1/generations/${body.id}/retry`, { method: "POST" });
    assert.equal(retried.status, 202);
    const done = await waitForGeneration(app, body.id);
    assert.equal(done.status, "succeeded");
    assert.equal(done.attempts, 2);
  });

  it("asks for confirmation where the submit may have been accepted, and never sends it again by itself", async () => {
    const before = fake.creates().length;
    fake.script("create-reset");
    const { body } = await create();
    const stuck = await waitForGeneration(app, body.id, ({ status }) => status === "needs-confirmation");
    assert.equal(stuck.error?.code, "submit-unknown");
    assert.equal(fake.creates().length, before + 1);
    const retry = (init: RequestInit = {}) =>
      app.request(`/api/v1/generations/${body.id}/retry`, { method: "POST", ...init });
    const refused = await retry();
    assert.equal(refused.status, 409);
    assert.equal(((await refused.json()) as { code: string }).code, "submit-unknown");
    assert.equal(fake.creates().length, before + 1);
    fake.script("immediate");
    const headers = { "Content-Type": "application/json" };
    const accepted = await retry({ headers, body: '{"acceptSecondCharge":true}' });
    assert.equal(accepted.status, 202);
    assert.equal((await waitForGeneration(app, body.id)).status, "succeeded");
    assert.equal(fake.creates().length, before + 2);
    const [entry] = await app.context.records.AuditEntry.findAll({ where: { subjectId: body.id } });
    assert.equal(entry.action, "generation.second-charge-accepted");
  });

  it("picks up paid work after a cancel instead of paying again", async () => {
    const before = fake.creates().length;
    fake.script({ polls: [({ response }) => void response.end('{"status":"processing","progress":5}')] });
    const { body } = await create();
    await waitForGeneration(app, body.id, ({ status }) => status === "processing");
    const canceled = await app.request(`/api/v1/generations/${body.id}/cancel`, { method: "POST" });
    assert.equal(canceled.status, 200);
    const answer = (await canceled.json()) as { chargeAvoided: boolean; generation: Generation };
    assert.equal(answer.chargeAvoided, false);
    assert.equal(answer.generation.status, "canceled");
    await app.request(`/api/v1/generations/${body.id}/retry`, { method: "POST" });
    await waitForGeneration(app, body.id, ({ status }) => status === "processing");
    assert.equal(fake.creates().length, before + 1);
    await app.request(`/api/v1/generations/${body.id}/cancel`, { method: "POST" });
  });

  it("waits and tries again where the provider is busy", async () => {
    fake.script("busy-429", "immediate");
    const { body } = await create();
    const done = await waitForGeneration(app, body.id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    assert.equal(done.attempts, 2);
  });

  it("streams each change, and only later ones after Last-Event-ID", async () => {
    const statuses: string[] = [];
    fake.script({
      polls: [
        ({ response, resultUrl }) =>
          void response.end(
            JSON.stringify(
              statuses.includes("processing")
                ? { status: "success", result: [resultUrl] }
                : { status: "processing", progress: 30 },
            ),
          ),
      ],
    });
    const { body } = await create();
    let lastId = "";
    const stream = await fetch(`${app.url}/api/v1/generations/${body.id}/events`);
    assert.equal(stream.headers.get("content-type"), "text/event-stream; charset=utf-8");
    for await (const event of eventsOf(stream)) {
      statuses.push(event.data.status);
      lastId = event.id;
      if (event.data.finishedAt) break;
    }
    assert.equal(statuses.at(-1), "succeeded");
    assert.ok(statuses.includes("processing"), statuses.join());
    const abort = new AbortController();
    const again = await fetch(`${app.url}/api/v1/generations/${body.id}/events`, {
      headers: { "Last-Event-ID": lastId },
      signal: abort.signal,
    });
    const first = await Promise.race([
      eventsOf(again)
        .next()
        .then(
          () => "event",
          () => "event",
        ),
      new Promise((resolve) => setTimeout(resolve, 700, "silence")),
    ]);
    abort.abort();
    assert.equal(first, "silence");
  });

  it("does not skip a change that was committed after a later one", async () => {
    // A poll that is written down meanwhile would hold the later row while it waits for the earlier one.
    const later = json(200, { status: "processing", progress: 12 }, { "retry-after": "300" });
    fake.script({ polls: [later] });
    const ids = [(await create()).body.id, (await create()).body.id];
    for (const id of ids) await waitForGeneration(app, id, ({ progress }) => progress === 12);
    const { sequelize } = app.context.records;
    const finish = (id: string, transaction: Transaction) =>
      sequelize.query(
        "UPDATE generation_tasks SET status = 'canceled', finished_at = now(), fence = fence + 1 WHERE id = $1",
        { bind: [id], transaction },
      );
    const early = await sequelize.transaction();
    await finish(ids[0], early);
    await sequelize.transaction((transaction) => finish(ids[1], transaction));
    const [[{ version }]] = (await sequelize.query("SELECT version FROM generation_tasks WHERE id = $1", {
      bind: [ids[1]],
    })) as [{ version: string }[], unknown];
    await early.commit();
    const stream = await fetch(`${app.url}/api/v1/generations/events`, {
      headers: { "Last-Event-ID": version },
      signal: AbortSignal.timeout(120_000),
    });
    for await (const event of eventsOf(stream)) if (event.data.id === ids[0]) break;
  });

  it("lists by cursor and by state", async () => {
    const page = (await (await app.request("/api/v1/generations?limit=2&total=true")).json()) as {
      items: Generation[];
      nextCursor: string;
      total: number;
    };
    assert.equal(page.items.length, 2);
    const next = (await (
      await app.request(`/api/v1/generations?limit=100&cursor=${page.nextCursor}`)
    ).json()) as typeof page;
    assert.equal(next.items.length, page.total - 2);
    const ids = [...page.items, ...next.items].map(({ id }) => id);
    assert.equal(new Set(ids).size, page.total);
    const failed = (await (await app.request("/api/v1/generations?status=canceled")).json()) as typeof page;
    assert.ok(failed.items.every(({ status }) => status === "canceled"));
  });
});

async function* eventsOf(response: Response) {
  let buffer = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    buffer += chunk;
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block.split("\n").map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]),
      );
      if (fields.get("event") !== "generation") continue;
      yield { id: fields.get("id")!, data: JSON.parse(fields.get("data")!) as Generation };
    }
  }
}
