import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, waitForGeneration } from "../support/client.ts";
import { closeDatabase } from "../support/close-database.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import type { BehaviourName } from "../support/fake-genapi/behaviours.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { started, success } from "../support/fake-genapi/steps.ts";
import { scrape, scrapeText, scrapeWhole, seriesReaches } from "../support/metrics-client.ts";
import { parsePrometheusText, seriesValue } from "../support/prometheus-text.ts";
import { roomInTheDay } from "../support/utc-day.ts";

const TOKEN = "the-token-of-the-operators-programs";
const GENAPI = { provider: "genapi" };

const costing: Behaviour = { polls: [success(({ resultUrl }) => ({ cost: 12.5, result: [resultUrl] }))] };
const once = (first: BehaviourName, then: BehaviourName): (BehaviourName | Behaviour)[] => [first, then];

describe("metrics of paid work", () => {
  let fake: FakeGenapi;
  let database: TestDatabase;
  let app: TestApp;
  let photos = 0;

  before(async () => {
    await roomInTheDay();
    fake = await startFakeGenapi({ balance: 345.5 });
    database = await createTestDatabase();
    app = await startTestApp({
      fake,
      databaseUrl: database.url,
      env: { OPS_TOKEN: TOKEN, GENAPI_DAILY_ROUBLES: "1000" },
    });
  });
  after(async () => {
    await app.dispose();
    await database.dispose();
    await fake.dispose();
  });

  const reaches = (value: number, name: string, labels: Record<string, string> = {}) =>
    seriesReaches(app, value, name, labels);

  async function create(...behaviours: (BehaviourName | Behaviour)[]): Promise<Generation> {
    fake.script(...behaviours);
    const background = { r: ++photos * 9, g: 90, b: 40 };
    const photo = await sharp({ create: { width: 96, height: 96, channels: 3, background } })
      .png()
      .toBuffer();
    const response = await postPhoto(app, photoForm(photo));
    assert.equal(response.status, 202);
    return (await response.json()) as Generation;
  }

  const attempts = (outcome: string, code = "") => ({ ...GENAPI, outcome, code });

  it("has every series from the beginning, at 0", async () => {
    const families = await scrapeWhole(app);
    for (const outcome of ["accepted", "finished", "refused", "unsent"]) {
      assert.equal(seriesValue(families, "photo_to_3d_attempts_total", attempts(outcome)), 0, outcome);
    }
    for (const name of [
      "photo_to_3d_attempts_unknown",
      "photo_to_3d_attempts_unknown_oldest_age_seconds",
      "photo_to_3d_attempts_open",
      "photo_to_3d_attempt_retries_total",
      "photo_to_3d_generations_queued_oldest_age_seconds",
      "photo_to_3d_spent_roubles_total",
      "photo_to_3d_reserved_roubles",
      "photo_to_3d_budget_used_roubles",
    ]) {
      assert.equal(seriesValue(families, name, GENAPI), 0, name);
    }
    assert.equal(seriesValue(families, "photo_to_3d_confirmed_retries_total"), 0);
    assert.equal(seriesValue(families, "photo_to_3d_budget_limit_roubles", GENAPI), 1000);
    assert.equal(
      seriesValue(families, "photo_to_3d_provider_breaker_state", { ...GENAPI, state: "closed" }),
      1,
    );
    assert.equal(seriesValue(families, "photo_to_3d_database_up"), 1);
  });

  it("counts an accepted submit, what it cost, and the requests that it took", async () => {
    const done = await waitForGeneration(app, (await create(costing)).id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    await reaches(1, "photo_to_3d_attempts_total", attempts("accepted"));
    const families = await scrapeWhole(app);
    assert.equal(seriesValue(families, "photo_to_3d_generations", { ...GENAPI, status: "succeeded" }), 1);
    assert.equal(
      seriesValue(families, "photo_to_3d_generations_finished_last_hour", {
        ...GENAPI,
        outcome: "succeeded",
      }),
      1,
    );
    assert.ok(seriesValue(families, "photo_to_3d_generation_mean_duration_seconds", GENAPI)! > 0);
    assert.equal(seriesValue(families, "photo_to_3d_spent_roubles_total", GENAPI), 12.5);
    assert.equal(seriesValue(families, "photo_to_3d_budget_used_roubles", GENAPI), 12.5);
    assert.equal(seriesValue(families, "photo_to_3d_budget_used_generations", GENAPI), 1);
    for (const operation of ["create", "poll", "download"]) {
      const labels = { ...GENAPI, operation };
      assert.ok(
        seriesValue(families, "photo_to_3d_provider_requests_total", { ...labels, result: "ok" })! >= 1,
        operation,
      );
      assert.ok(
        seriesValue(families, "photo_to_3d_provider_request_duration_seconds_count", labels)! >= 1,
        operation,
      );
    }
    const created = { method: "POST", route: "/api/v1/generations", status_code: "202" };
    assert.equal(seriesValue(families, "http_requests_total", created), 1);
    await reaches(345.5, "photo_to_3d_provider_balance_roubles", GENAPI);
  });

  it("counts refusals, what was put off, and retries", async () => {
    await waitForGeneration(app, (await create("invalid-genapi")).id);
    await reaches(1, "photo_to_3d_attempts_total", attempts("refused", "provider-rejected"));
    await reaches(1, "photo_to_3d_generations_failed", { ...GENAPI, code: "provider-rejected" });
    await waitForGeneration(app, (await create(...once("busy-429", "ok"))).id);
    await reaches(1, "photo_to_3d_attempts_total", attempts("unsent", "provider-busy"));
    await reaches(1, "photo_to_3d_attempt_retries_total", GENAPI);
    const throttled = { ...GENAPI, operation: "create", result: "throttled" };
    assert.equal(seriesValue(await scrapeWhole(app), "photo_to_3d_provider_requests_total", throttled), 1);
  });

  it("shows a submit whose answer is lost until a person has decided", async () => {
    const { id } = await create("create-reset");
    await waitForGeneration(app, id, ({ status }) => status === "needs-confirmation");
    await reaches(1, "photo_to_3d_attempts_unknown", GENAPI);
    const families = await scrapeWhole(app);
    assert.ok(seriesValue(families, "photo_to_3d_attempts_unknown_oldest_age_seconds", GENAPI)! > 0);
    assert.equal(
      seriesValue(families, "photo_to_3d_generations", { ...GENAPI, status: "needs-confirmation" }),
      1,
    );
    fake.script("ok");
    const retry = await app.request(`/api/v1/generations/${id}/retry`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ acceptSecondCharge: true }),
    });
    assert.equal(retry.status, 202, await retry.clone().text());
    await waitForGeneration(app, id);
    await reaches(1, "photo_to_3d_confirmed_retries_total");
    await reaches(0, "photo_to_3d_attempts_unknown", GENAPI);
  });

  it("tells calls of the provider apart", async () => {
    let confirm = () => {};
    const isAsked = new Promise<void>((resolve) => {
      confirm = resolve;
    });
    let remoteId = 0;
    const { id } = await create({
      create: async (call) => {
        remoteId = call.generation!.id;
        await started()(call);
        confirm();
      },
      polls: [success(({ resultUrl }) => ({ result: [resultUrl] }))],
    });
    await isAsked;
    await waitForGeneration(app, id);
    const attempt = await app.context.records.Attempt.findOne({ where: { generationId: id } });
    const call = async (nonce: string, body: unknown) =>
      (
        await app.request(`/hooks/genapi/${nonce}`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status;
    const { nonce } = attempt!;
    assert.equal(await call(nonce, { request_id: remoteId, status: "success" }), 204);
    assert.equal(await call(nonce, { request_id: remoteId, status: "success" }), 204);
    assert.equal(await call(nonce, { request_id: remoteId + 1 }), 204);
    assert.equal(await call(nonce, { status: "success" }), 204);
    assert.equal(await call("0".repeat(32), { request_id: remoteId }), 404);
    const families = await scrapeWhole(app);
    for (const result of ["woke", "repeated", "conflicting", "malformed", "unknown-nonce"]) {
      assert.equal(seriesValue(families, "photo_to_3d_callbacks_total", { result }), 1, result);
    }
  });

  it("says that a provider without money is paused, and why", async () => {
    const { id } = await create("balance-too-low");
    await reaches(1, "photo_to_3d_provider_paused", { ...GENAPI, code: "provider-balance" });
    await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
  });

  it("doesn't count backwards when a model is deleted for good", async () => {
    const before = seriesValue(await scrapeWhole(app), "photo_to_3d_attempts_total", attempts("accepted"))!;
    const spent = seriesValue(await scrapeWhole(app), "photo_to_3d_spent_roubles_total", GENAPI)!;
    const list = await (await app.request("/api/v1/models")).json();
    for (const { id } of list.items) {
      await app.request(`/api/v1/models/${id}`, { method: "DELETE" });
      const gone = await app.request(`/api/v1/models/${id}?permanent=true`, { method: "DELETE" });
      assert.equal(gone.status, 204);
    }
    await reaches(0, "photo_to_3d_generations", { ...GENAPI, status: "succeeded" });
    const families = await scrapeWhole(app);
    assert.equal(seriesValue(families, "photo_to_3d_attempts_total", attempts("accepted")), before);
    assert.equal(seriesValue(families, "photo_to_3d_spent_roubles_total", GENAPI), spent);
  });

  it("says the same on another replica and after a restart", async () => {
    const mine = await scrapeWhole(app, TOKEN);
    const other = await startTestApp({ fake, databaseUrl: database.url, uploads: app.uploads });
    try {
      const families = await scrapeWhole(other);
      for (const name of [
        "photo_to_3d_attempts_total",
        "photo_to_3d_attempt_retries_total",
        "photo_to_3d_confirmed_retries_total",
        "photo_to_3d_generations",
        "photo_to_3d_spent_roubles_total",
        "photo_to_3d_budget_used_roubles",
      ]) {
        assert.deepEqual(families.get(name), mine.get(name), name);
      }
    } finally {
      await other.dispose();
    }
  });

  it("has no secret and nobody's data in it, and labels of few values", async () => {
    const text = await scrapeText(app, TOKEN);
    assert.ok(!text.includes(TOKEN));
    assert.ok(!text.includes(fake.key));
    assert.ok(!text.includes(new URL(database.url).pathname.slice(1)));
    assert.doesNotMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{32}|https?:|127\.0\.0\.1|sofa/);
    const values = new Map<string, Set<string>>();
    for (const { samples } of parsePrometheusText(text).values()) {
      for (const { labels } of samples) {
        for (const [name, value] of Object.entries(labels)) {
          values.set(name, (values.get(name) ?? new Set()).add(value));
        }
      }
    }
    for (const [name, { size }] of values) assert.ok(size <= 40, `${name} has ${size} values`);
    assert.equal(
      (await fetch(`${app.url}/metrics`, { headers: { Authorization: "Bearer no" } })).status,
      401,
    );
  });

  it("goes on while the database is away, and says so", async () => {
    const reopen = await closeDatabase(database.url);
    try {
      await reaches(0, "photo_to_3d_database_up");
      const families = await scrape(app);
      assert.equal(families.get("photo_to_3d_generations")?.samples.length, 0);
      assert.equal(families.get("photo_to_3d_confirmed_retries_total")?.samples.length, 0);
      assert.ok(families.get("http_requests_total")!.samples.length > 0);
    } finally {
      await reopen();
    }
    await reaches(1, "photo_to_3d_database_up");
    await reaches(1, "photo_to_3d_confirmed_retries_total");
  });
});
