import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { spansOf, startFakeCollector } from "../support/fake-collector.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { freePort } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const CALLERS = { traceparent: `00-${TRACE}-${PARENT}-01` };

const handedBack = ({ lines }: TestApp) =>
  lines.filter(
    ({ message }) => message === "A job failed" || message === "The process stops; its job is handed back",
  );

async function generate(app: TestApp, headers: Record<string, string>): Promise<Generation> {
  const posted = await postPhoto(
    app,
    photoForm(await readPhoto("sofa.jpg"), { provider: "genapi" }),
    headers,
  );
  assert.equal(posted.status, 202);
  const { id } = (await posted.json()) as Generation;
  const done = await waitForGeneration(app, id);
  assert.equal(done.status, "succeeded", JSON.stringify(done.error));
  return done;
}

it("a request, its jobs and its calls to the provider are one trace, which continues the caller's", async () => {
  await using fake = await startFakeGenapi();
  await using collector = await startFakeCollector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` };
  const app = await startTestApp({ fake, env });
  let id: string;
  let owner: string;
  try {
    ({ id } = await generate(app, CALLERS));
    await generate(app, { traceparent: "00-00000000000000000000000000000000-b7ad6b7169203331-01" });
    assert.equal((await app.request("/health/ready")).status, 200);
    // The end of the process waits for a collector a few seconds only, which a busy machine may need for itself.
    const countOf = (name: string) => spansOf(collector).filter((span) => span.name === name).length;
    await collector.until(() => countOf("POST /api/v1/generations") === 2 && countOf("job finish") >= 2);
    const { queue, records } = app.context;
    owner = (await records.Generation.findByPk(id, { rejectOnEmpty: true })).userId;
    const { nonce } = (
      await records.Attempt.findOne({ where: { generationId: id }, rejectOnEmpty: true })
    ).get();
    const called = await app.request(`/hooks/genapi/${nonce}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    assert.ok(called.ok, String(called.status));
    await collector.until(() => countOf("job wake") === 1);
    app.context.stopWork();
    await queue.enqueue("finish", { generationId: id, requestId: null });
    await until("the job is handed back", () => handedBack(app).length > 0);
  } finally {
    // The end of the process sends the rest.
    await app.dispose();
  }
  const all = spansOf(collector);
  const trace = all.filter(({ traceId }) => traceId === TRACE);
  const named = (name: string) => trace.filter((span) => span.name === name);
  const [request] = named("POST /api/v1/generations");
  assert.equal(request.parentSpanId, PARENT);
  assert.equal(request.facts["http.response.status_code"], 202);
  assert.equal(request.facts["http.route"], "/api/v1/generations");
  for (const job of ["job submit-genapi", "job poll", "job finish", "job wake"]) {
    assert.ok(named(job).length > 0, `${job} is missing`);
    for (const span of named(job)) {
      assert.equal(span.parentSpanId, request.spanId, job);
      assert.equal(span.facts["photo_to_3d.generation.id"], id);
      assert.equal(span.facts["enduser.id"], owner);
    }
  }
  const [given] = handedBack(app);
  assert.deepEqual([given.level, given.job, given.error], ["info", "finish", undefined]);
  assert.ok(!app.lines.some(({ message }) => message === "A job failed"));
  const idsOf = (name: string) => named(name).map(({ spanId }) => spanId);
  const [create] = named("genapi create");
  assert.ok(idsOf("genapi submit").includes(create.parentSpanId!));
  assert.ok(idsOf("job submit-genapi").includes(named("genapi submit")[0].parentSpanId!));
  assert.ok(named("genapi poll").every(({ parentSpanId }) => idsOf("job poll").includes(parentSpanId!)));
  assert.ok(idsOf("job finish").includes(named("download result")[0].parentSpanId!));
  assert.equal(named("genapi create").length, 1);

  const requests = all.filter(({ name }) => name === "POST /api/v1/generations");
  assert.equal(requests.length, 2);
  assert.ok(requests.every(({ traceId }) => !/^0+$/.test(traceId)));
  assert.notEqual(requests[0].traceId, requests[1].traceId);
  assert.ok(!all.some(({ name }) => name.includes("health")));

  const sent = collector.taken.map(({ body }) => body).join("");
  assert.ok(!sent.includes(fake.key), "the key of GenAPI is in a trace");
  assert.ok(!fake.requests.some(({ headers }) => "traceparent" in headers), "GenAPI is told of the trace");
  const ofTrace = app.lines.filter((line) => line.traceId === TRACE);
  assert.ok(ofTrace.some(({ job }) => job === "submit-genapi"));
});

it("a collector that is away costs lines of the log, and nothing else", async () => {
  await using fake = await startFakeGenapi();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
  const app = await startTestApp({ fake, env });
  const told = () => app.lines.filter(({ message }) => String(message).startsWith("Traces can't be sent"));
  try {
    await generate(app, {});
    for (let tries = 0; tries < 2400 && told().length === 0; tries++) await sleep(100);
  } finally {
    await app.dispose();
  }
  assert.equal(told().length, 1);
});
