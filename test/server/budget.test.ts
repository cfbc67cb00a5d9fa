import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import type { ProviderView } from "../../server/contract/provider.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, waitForGeneration } from "../support/client.ts";
import { addOtherUser, createAs, numberedPhoto, OTHER_USER } from "../support/create-as.ts";
import { createTestDatabase } from "../support/database.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { state, success } from "../support/fake-genapi/steps.ts";
import { boxGlb } from "../support/make-glb.ts";
import { roomInTheDay } from "../support/utc-day.ts";

const costing = (cost: number): Behaviour => ({
  polls: [success(({ resultUrl }) => ({ cost, result: [resultUrl] }))],
});
const failing = (fields: Record<string, unknown>): Behaviour => ({
  polls: [state({ status: "error", result: ["Ошибка"], ...fields })],
});
const running: Behaviour = { polls: [state({ status: "processing", progress: 20 })] };

describe("daily budgets", () => {
  let fake: FakeGenapi;
  before(async () => {
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
  });
  // All of them together may take longer than the room that one needs.
  beforeEach(roomInTheDay);
  after(() => fake.dispose());

  const create = async (app: TestApp, number: number, headers: Record<string, string> = {}) => {
    const response = await postPhoto(app, photoForm(await numberedPhoto(number)), headers);
    const body = (await response.json()) as Generation & { code?: string; detail?: string };
    return { status: response.status, body, headers: response.headers };
  };

  const spendings = async (app: TestApp) =>
    (await app.context.records.Spending.findAll({ order: [["createdAt", "ASC"]] })).map(
      ({ state, roubles }) => `${state} ${Number(roubles)}`,
    );

  const money = async (app: TestApp) => {
    const { items } = (await (await app.request("/api/v1/providers")).json()) as { items: ProviderView[] };
    return items.find(({ id }) => id === "genapi")!;
  };

  async function withApp(env: Record<string, string>, run: (app: TestApp) => Promise<void>) {
    const app = await startTestApp({ fake, env });
    try {
      await addOtherUser(app);
      await run(app);
    } finally {
      await app.dispose();
    }
  }

  it("let exactly five of twenty simultaneous requests to two replicas through", async () => {
    const database = await createTestDatabase();
    const options = { fake, databaseUrl: database.url, env: { GENAPI_DAILY_GENERATIONS: "5" } };
    const first = await startTestApp(options);
    const second = await startTestApp({ ...options, uploads: first.uploads });
    try {
      fake.script("immediate");
      const before = fake.creates().length;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, number) => create(number % 2 ? first : second, number)),
      );
      const accepted = answers.filter(({ status }) => status === 202);
      assert.equal(accepted.length, 5);
      assert.ok(answers.every(({ status, body }) => status === 202 || body.code === "budget-exceeded"));
      for (const { body } of accepted) await waitForGeneration(first, body.id);
      assert.equal(fake.creates().length, before + 5);
      const free = await postPhoto(first, photoForm(await numberedPhoto(1), { provider: "local" }));
      assert.equal(free.status, 202, "the built-in generator costs nothing");
      await waitForGeneration(first, ((await free.json()) as Generation).id);
    } finally {
      await second.dispose();
      await first.dispose();
      await database.dispose();
    }
  });

  it("give the place of a refused request back, and count the real cost", () =>
    withApp({ GENAPI_DAILY_ROUBLES: "30" }, async (app) => {
      fake.script("forbidden", costing(17));
      const refused = await create(app, 1);
      await waitForGeneration(app, refused.body.id);
      const paid = await create(app, 2);
      assert.equal(paid.body.expectedCost, 17);
      const ready = await waitForGeneration(app, paid.body.id);
      assert.equal(ready.cost, 17);
      assert.equal(ready.expectedCost, null);
      assert.deepEqual(await spendings(app), ["released 0", "charged 17"]);
      const tooDear = await create(app, 3);
      assert.equal(tooDear.status, 402);
      assert.match(tooDear.body.detail!, /30\s₽ a day: 17\s₽ are spent or set aside/);
      const seconds = Number(tooDear.headers.get("retry-after"));
      assert.ok(seconds > 0 && seconds <= 86_400, `${seconds}`);
      const { money: shown } = await money(app);
      assert.deepEqual(shown!.today, { generations: 1, roubles: 17 });
      assert.deepEqual(shown!.month, { generations: 1, roubles: 17 });
      assert.deepEqual(shown!.left, { generations: null, roubles: 13 });
      assert.ok(Date.parse(shown!.resetsAt) > Date.now() && /T00:00:00/.test(shown!.resetsAt));
    }));

  it("of one user stop that user alone, the service's stop everyone", () =>
    withApp({ GENAPI_USER_DAILY_GENERATIONS: "2", GENAPI_DAILY_GENERATIONS: "3" }, async (app) => {
      fake.script(running);
      await createAs(app, OTHER_USER, { photo: 1 });
      await createAs(app, OTHER_USER, { photo: 2 });
      await assert.rejects(createAs(app, OTHER_USER, { photo: 3 }), /Your limit is 2 paid models a day/);
      assert.equal((await create(app, 4)).status, 202, "another user has an own limit");
      const shown = await money(app);
      assert.deepEqual(shown.money!.left, { generations: 0, roubles: null });
      await assert.rejects(
        createAs(app, LOCAL_USER_ID, { photo: 5 }),
        /whole service is 3 paid models a day/,
      );
    }));

  it("begin anew with the day of the database", () =>
    withApp({ GENAPI_DAILY_GENERATIONS: "1" }, async (app) => {
      fake.script(running);
      await create(app, 1);
      assert.equal((await create(app, 2)).status, 402);
      await app.context.records.sequelize.query(
        "UPDATE spendings SET created_at = date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '1 millisecond'",
      );
      assert.equal((await create(app, 2)).status, 202);
      assert.equal((await create(app, 3)).status, 402);
    }));

  it("learn the price of a preset from its last costs", () =>
    withApp({ GENAPI_PRICES: "trellis=20,trellis/high=50" }, async (app) => {
      const prices = async () => (await money(app)).networks[0].prices;
      assert.deepEqual((await prices()).draft, { roubles: 20, source: "setting" });
      assert.deepEqual((await prices()).high, { roubles: 50, source: "setting" });
      for (const cost of [12, 13]) {
        fake.script(costing(cost));
        await waitForGeneration(app, (await create(app, cost)).body.id);
      }
      assert.deepEqual((await prices()).standard, { roubles: 12.5, source: "recent" });
      assert.deepEqual((await prices()).high, { roubles: 50, source: "setting" });
    }));

  it("let one at a time through where nobody knows the price", () =>
    withApp({ GENAPI_DAILY_ROUBLES: "30", GENAPI_NETWORKS: "new-one" }, async (app) => {
      const send = async (number: number) =>
        postPhoto(app, photoForm(await numberedPhoto(number), { network: "new-one" }));
      fake.script(running);
      assert.equal((await send(1)).status, 202);
      const second = await send(2);
      assert.equal(second.status, 402);
      assert.match(((await second.json()) as { detail: string }).detail, /not known yet/);
    }));

  it("keep what may be charged, and release what the provider says was free", () =>
    withApp({}, async (app) => {
      fake.script(failing({}), failing({ cost: 0 }), failing({ cost: 5 }), "invalid-genapi");
      for (const number of [1, 2, 3, 4]) await waitForGeneration(app, (await create(app, number)).body.id);
      assert.deepEqual(await spendings(app), ["assumed 17", "released 0", "charged 5", "released 0"]);
    }));

  it("reserve again for a confirmed second attempt, and keep the first", () =>
    withApp({ GENAPI_DAILY_GENERATIONS: "2" }, async (app) => {
      fake.script("create-reset", costing(9));
      const { id } = (await create(app, 1)).body;
      const asked = await waitForGeneration(app, id, ({ status }) => status === "needs-confirmation");
      assert.equal(asked.expectedCost, 17);
      const retry = () =>
        app.request(`/api/v1/generations/${id}/retry`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ acceptSecondCharge: true }),
        });
      assert.equal((await retry()).status, 202);
      const ready = await waitForGeneration(app, id);
      assert.deepEqual([ready.cost, ready.expectedCost], [9, 17]);
      assert.deepEqual(await spendings(app), ["assumed 17", "charged 9"]);
      assert.equal((await create(app, 2)).status, 402);
    }));

  it("answer a repeated request with its generation although the budget is used up", () =>
    withApp({ GENAPI_DAILY_GENERATIONS: "1" }, async (app) => {
      fake.script(running);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => create(app, 1, { "Idempotency-Key": "one" })),
      );
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
      assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
      assert.equal((await spendings(app)).length, 1);
    }));
});
