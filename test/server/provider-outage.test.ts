import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { Generation } from "../../server/contract/generation.ts";
import type { DetailedHealth } from "../../server/contract/operations.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto, waitForGeneration } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import type { Step } from "../support/fake-genapi/steps.ts";
import { boxGlb } from "../support/make-glb.ts";
import { startProviderLine } from "../support/provider-line.ts";

/** Two replicas on one database and one store, and a line to the provider that can be cut. */
async function startReplicas(env: Record<string, string>) {
  const stack = new AsyncDisposableStack();
  const fake: FakeGenapi = stack.use(await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) }));
  const line = stack.adopt(await startProviderLine(fake.url), (part) => part.dispose());
  const database: TestDatabase = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const options = {
    fake,
    databaseUrl: database.url,
    env: { GENAPI_BASE_URL: `${line.url}/api/v1`, ...env },
  };
  const one: TestApp = stack.adopt(await startTestApp(options), (part) => part.dispose());
  const two: TestApp = stack.adopt(await startTestApp({ ...options, uploads: one.uploads }), (part) =>
    part.dispose(),
  );
  return { fake, line, one, two, dispose: () => stack.disposeAsync() };
}

const sofa = await readPhoto("sofa.jpg");
const create = async (app: TestApp) => (await (await postPhoto(app, photoForm(sofa))).json()) as Generation;

async function detailedHealth(app: TestApp) {
  const response = await app.request("/health/detailed");
  return { status: response.status, body: (await response.json()) as z.infer<typeof DetailedHealth> };
}

async function untilBreaker(app: TestApp, state: string) {
  for (let tries = 0; tries < 2400; tries++) {
    const { body } = await detailedHealth(app);
    if (body.checks.provider.details?.breaker === state) return body;
    await sleep(100);
  }
  assert.fail(`The breaker never was ${state}`);
}

describe("a provider that stays silent for a while", () => {
  let replicas: Awaited<ReturnType<typeof startReplicas>>;
  before(async () => {
    replicas = await startReplicas({ GENAPI_CONCURRENCY: "3" });
  });
  after(() => replicas.dispose());

  it("is left alone; the product answers on, pays nothing twice and goes on by itself", async () => {
    const { fake, line, one, two } = replicas;
    let isDone = false;
    const poll: Step = ({ response, resultUrl }) =>
      void response.end(
        JSON.stringify(isDone ? { status: "success", result: [resultUrl] } : { status: "processing" }),
      );
    fake.script({ polls: [poll] });
    const healthy = await detailedHealth(one);
    assert.equal(healthy.status, 200);
    assert.equal(healthy.body.status, "healthy", JSON.stringify(healthy.body));

    const inHand = await Promise.all([one, two, one, two].map(create));
    for (const { id } of inHand) await waitForGeneration(one, id, ({ status }) => status === "processing");
    assert.equal(fake.creates().length, 4);

    line.become("silent");
    const away = await untilBreaker(one, "open");
    assert.equal(away.status, "degraded");
    assert.equal(away.checks.provider.details?.lastFault, "no-answer");
    const waiting = await Promise.all([two, one, two, one, two].map(create));
    for (const app of [one, two]) {
      assert.equal((await app.request("/health/ready")).status, 200);
      assert.equal((await app.request("/api/v1/providers")).status, 200);
      assert.equal((await app.request("/api/v1/models")).status, 200);
      for (const { id } of [...waiting, ...inHand]) {
        const seen = (await (await app.request(`/api/v1/generations/${id}`)).json()) as Generation;
        assert.ok(["queued", "processing"].includes(seen.status), seen.status);
        assert.equal(seen.pause?.code, "provider-away", seen.status);
        assert.equal(seen.etaSeconds, null);
      }
    }
    line.become("cut");
    const questions = line.unheard.length;
    for (let tries = 0; tries < 1200 && line.unheard.length === questions; tries++) await sleep(100);
    assert.equal(line.unheard.length, questions + 1, "one question whether it is back");
    await untilBreaker(two, "open");
    assert.deepEqual(
      line.unheard.filter((request) => request.startsWith("POST")),
      [],
      "nothing paid is sent into the silence",
    );
    assert.ok(questions <= 4 * 2, `few questions: ${questions}`);
    assert.equal(await one.context.records.Attempt.count(), 4, "waiting uses up no attempts");

    isDone = true;
    line.become("open");
    for (const { id } of [...inHand, ...waiting]) {
      const done = await waitForGeneration(two, id);
      assert.equal(done.status, "succeeded", JSON.stringify(done.error));
      assert.equal(done.attempts, 1);
    }
    assert.equal(fake.creates().length, 9);
    assert.equal((await detailedHealth(two)).body.checks.provider.details?.breaker, "closed");
  });
});

describe("the rate of requests to a provider", () => {
  const PER_SECOND = 8;
  let replicas: Awaited<ReturnType<typeof startReplicas>>;
  before(async () => {
    replicas = await startReplicas({
      GENAPI_REQUESTS_PER_SECOND: String(PER_SECOND),
      GENAPI_CONCURRENCY: "1",
    });
  });
  after(() => replicas.dispose());

  it("is never exceeded by two replicas together, nor are create calls at once", async () => {
    const { fake, one, two } = replicas;
    let creating = 0;
    let mostAtOnce = 0;
    let polls = 0;
    fake.script({
      create: async ({ response, generation }) => {
        creating += 1;
        mostAtOnce = Math.max(mostAtOnce, creating);
        await sleep(50);
        creating -= 1;
        response.end(JSON.stringify({ request_id: generation?.id, status: "processing" }));
      },
      polls: [
        ({ response, resultUrl, generation }) => {
          polls += 1;
          const isDone = (generation?.polls ?? 0) > 6;
          response.end(
            JSON.stringify(isDone ? { status: "success", result: [resultUrl] } : { status: "processing" }),
          );
        },
      ],
    });
    const startedAt = performance.now();
    const made = await Promise.all([one, two, one, two, one, two].map(create));
    for (const { id } of made) assert.equal((await waitForGeneration(one, id)).status, "succeeded");
    const seconds = (performance.now() - startedAt) / 1000;
    const asked = polls + fake.creates().length;
    assert.equal(fake.creates().length, 6);
    assert.ok(asked >= 6 * 8, `polled: ${polls}`);
    assert.ok(asked <= PER_SECOND * (1 + seconds), `${asked} requests in ${seconds} s`);
    assert.equal(mostAtOnce, 1);
  });
});
