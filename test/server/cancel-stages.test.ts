import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import type { Generation } from "../../server/contract/generation.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readGeneration, waitForGeneration } from "../support/client.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import { BEHAVIOURS } from "../support/fake-genapi/behaviours.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import {
  type FakeCall,
  file,
  json,
  reset,
  type Step,
  started,
  state,
  success,
} from "../support/fake-genapi/steps.ts";
import { freePort } from "../support/server-process.ts";

interface Cancel {
  chargeAvoided: boolean | null;
  generation: Generation;
  message: string;
}

/** A step that waits until the test lets it go on. */
function gate(step: Step) {
  const arrived = Promise.withResolvers<FakeCall>();
  const open = Promise.withResolvers<void>();
  return {
    arrived: arrived.promise,
    open: () => open.resolve(),
    step: async (call: FakeCall) => {
      arrived.resolve(call);
      await Promise.race([open.promise, new Promise((resolve) => call.response.once("close", resolve))]);
      if (!call.response.destroyed) await step(call);
    },
  };
}

const processing = state({ status: "processing", progress: 20 });
const done = success(({ resultUrl }) => ({ cost: 9, result: [resultUrl] }));

/** `charge` is what the cancel says; `spent` what the ledger says at once, and after the service has spoken. */
interface Stage {
  name: string;
  /** Brings a generation to the stage and answers how the service goes on after the cancel. */
  reach(): Promise<{ id: string; goOn?: () => void | Promise<void> }>;
  charge: boolean | null;
  spent: string;
  /** Whether the result turns up and is kept. */
  kept: boolean;
  later?: string;
}

let fake: FakeGenapi;
let app: TestApp;
let count = 0;

before(async () => {
  fake = await startFakeGenapi();
  const port = await freePort();
  app = await startTestApp({
    fake,
    port,
    env: { PUBLIC_URL: `http://127.0.0.1:${port}`, GENAPI_PRICES: "trellis=9" },
  });
});
after(async () => {
  await app.dispose();
  await fake.dispose();
});

async function create(behaviour: Behaviour): Promise<string> {
  fake.script(behaviour);
  count += 1;
  const background = { r: count, g: 120, b: 40 };
  const photo = await sharp({ create: { width: 96, height: 96, channels: 3, background } })
    .png()
    .toBuffer();
  const response = await postPhoto(app, photoForm(photo));
  assert.equal(response.status, 202);
  return ((await response.json()) as Generation).id;
}

const reached = (id: string, status: Generation["status"]) =>
  waitForGeneration(app, id, (generation) => generation.status === status);

async function cancel(id: string): Promise<{ status: number; body: Cancel }> {
  const response = await app.request(`/api/v1/generations/${id}/cancel`, { method: "POST" });
  return { status: response.status, body: (await response.json()) as Cancel };
}

async function spentOn(generationId: string): Promise<string> {
  const rows = await app.context.records.Spending.findAll({ where: { generationId } });
  return rows.map(({ state, roubles }) => `${state} ${Number(roubles)}`).join(", ");
}

async function eventually(read: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 1800; tries++) {
    if (await read()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`It never came about: ${what}`);
}

const STAGES: Stage[] = [
  {
    name: "waiting because the balance is empty",
    async reach() {
      const id = await create({ ...BEHAVIOURS["balance-too-low"], user: json(200, { balance: 1 }) });
      await waitForGeneration(app, id, ({ pause }) => pause !== null);
      return { id, goOn: async () => void (await app.context.records.ProviderPause.destroy({ where: {} })) };
    },
    charge: true,
    spent: "released 0",
    kept: false,
  },
  {
    name: "while the photo is sent, which the service then takes",
    async reach() {
      const held = gate(started());
      const id = await create({ create: held.step, polls: [done] });
      await held.arrived;
      return { id, goOn: held.open };
    },
    charge: null,
    spent: "assumed 9",
    kept: true,
    later: "charged 9",
  },
  {
    name: "while the photo is sent, which the service then refuses",
    async reach() {
      const held = gate(json(422, { errors_validation: { image_url: ["No."] } }));
      const id = await create({ accepts: false, create: held.step });
      await held.arrived;
      return { id, goOn: held.open };
    },
    charge: null,
    spent: "assumed 9",
    kept: false,
    later: "released 0",
  },
  {
    name: "while nobody knows whether the photo arrived, and a call tells it later",
    async reach() {
      let taken: FakeCall | undefined;
      const id = await create({
        create: (call) => {
          taken = call;
          return reset(call);
        },
        polls: [done],
      });
      const { Attempt } = app.context.records;
      const isLost = async () =>
        (await Attempt.count({ where: { generationId: id, state: "unknown" } })) === 1;
      await eventually(isLost, "the answer is lost");
      return { id, goOn: () => taken!.callBack({ request_id: taken!.generation!.id, status: "success" }) };
    },
    charge: null,
    spent: "assumed 9",
    kept: true,
    later: "charged 9",
  },
  {
    name: "that needs a decision",
    async reach() {
      const id = await create({ create: reset, polls: [done] });
      await reached(id, "submitting");
      const { Generation, Attempt } = app.context.records;
      const isLost = async () =>
        (await Attempt.count({ where: { generationId: id, state: "unknown" } })) === 1;
      await eventually(isLost, "the answer is lost");
      await Attempt.update({ closedAt: new Date(0) }, { where: { generationId: id } });
      await Generation.update({ wakeAt: new Date(0) }, { where: { id } });
      await reached(id, "needs-confirmation");
      return { id };
    },
    charge: null,
    spent: "assumed 9",
    kept: false,
  },
  {
    name: "while the service makes the model",
    async reach() {
      let isDone = false;
      const id = await create({ polls: [(call) => (isDone ? done : processing)(call)] });
      await reached(id, "processing");
      return {
        id,
        goOn: () => {
          isDone = true;
        },
      };
    },
    charge: false,
    spent: "assumed 9",
    kept: true,
    later: "charged 9",
  },
  {
    name: "while the service makes the model, which then fails at no cost",
    async reach() {
      let isOver = false;
      const failed = state({ status: "error", cost: 0, result: ["Ошибка"] });
      const id = await create({ polls: [(call) => (isOver ? failed : processing)(call)] });
      await reached(id, "processing");
      return {
        id,
        goOn: () => {
          isOver = true;
        },
      };
    },
    charge: false,
    spent: "assumed 9",
    kept: false,
    later: "released 0",
  },
  {
    name: "while the result is fetched",
    async reach() {
      const held = gate(file(({ glb }) => glb));
      const id = await create({ polls: [done], files: [held.step, file(({ glb }) => glb)] });
      await held.arrived;
      return { id, goOn: held.open };
    },
    charge: false,
    spent: "charged 9",
    kept: true,
    later: "charged 9",
  },
];

describe("cancel", () => {
  for (const stage of STAGES) {
    it(stage.name, async () => {
      const before = fake.creates().length;
      const { id, goOn } = await stage.reach();
      const { status, body } = await cancel(id);
      assert.equal(status, 200);
      assert.equal(body.chargeAvoided, stage.charge);
      assert.equal(body.generation.status, "canceled");
      assert.equal(await spentOn(id), stage.spent);
      const again = await cancel(id);
      assert.equal(again.status, 200, "a repeated cancel answers the same");
      await goOn?.();
      if (stage.later) await eventually(async () => (await spentOn(id)) === stage.later, stage.later);
      const paid = fake.creates().length - before;
      if (!stage.kept) return assert.equal((await readGeneration(app, id)).keptResult, false);
      await waitForGeneration(app, id, ({ keptResult }) => keptResult);
      const adopted = await app.request(`/api/v1/generations/${id}/retry`, { method: "POST" });
      assert.equal(adopted.status, 202);
      const model = await reached(id, "succeeded");
      assert.ok(model.modelId);
      assert.deepEqual([model.cost, model.expectedCost], [9, null]);
      assert.equal(await spentOn(id), "charged 9");
      assert.equal(fake.creates().length - before, paid, "the kept model is not paid for again");
    });
  }

  it("of what has ended otherwise is refused", async () => {
    const ready = await create(BEHAVIOURS.immediate);
    await reached(ready, "succeeded");
    assert.equal((await cancel(ready)).status, 409);
    const failed = await create(BEHAVIOURS["invalid-genapi"]);
    await reached(failed, "failed");
    assert.equal((await cancel(failed)).status, 409);
  });
});
