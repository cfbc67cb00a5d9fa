import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { Webhook as Signer } from "standardwebhooks";
import { v7 as newId } from "uuid";
import { type Webhook, WebhookEvent, type WebhookWithSecret } from "../../server/contract/webhook.ts";
import { WEBHOOK_EVENT_TYPES } from "../../server/contract/webhook-names.ts";
import { removeOldDeliveries } from "../../server/services/webhook-deliveries.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { type SingleWebhook, startSingleWebhook } from "../support/single-webhook.ts";
import {
  createWebhook,
  listDeliveries,
  readDelivery,
  sendJson,
  waitForDelivery,
} from "../support/webhook-client.ts";
import { makeCanceled } from "../support/webhook-events.ts";

const GENERATION_EVENTS = WEBHOOK_EVENT_TYPES.filter((type) => type.startsWith("generation."));

let app: TestApp;
let one: SingleWebhook;
before(async () => {
  app = await startTestApp({ env: { WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" } });
});
after(() => app.dispose());
beforeEach(async () => {
  one = await startSingleWebhook(app);
});
afterEach(() => one.receiver.dispose());

describe("the secret", () => {
  it("is shown once, and is in no other answer and in no log", async () => {
    const { webhook, change, settled } = one;
    await makeCanceled(app);
    await settled();
    const rotated = await sendJson(app, "POST", `/api/v1/webhooks/${webhook.id}/secret`);
    const { secret } = (await rotated.json()) as WebhookWithSecret;
    assert.notEqual(secret, webhook.secret);
    const [delivery] = await listDeliveries(app, webhook.id);
    const answers = await Promise.all(
      ["", `/${webhook.id}`, `/${webhook.id}/deliveries`, `/${webhook.id}/deliveries/${delivery.id}`].map(
        async (path) => (await app.request(`/api/v1/webhooks${path}`)).text(),
      ),
    );
    const everything = JSON.stringify([answers, await change({ description: "Shop" }), app.lines]);
    for (const shown of [secret, webhook.secret]) assert.ok(!everything.includes(shown.slice(6)));
  });

  it("signs beside its successor for a day", async () => {
    const { receiver, webhook, settled, replay } = one;
    const rotated = await sendJson(app, "POST", `/api/v1/webhooks/${webhook.id}/secret`);
    const { secret, previousSecretUntil } = (await rotated.json()) as WebhookWithSecret;
    assert.ok(previousSecretUntil);
    await makeCanceled(app);
    await settled();
    const [{ body, headers }] = receiver.received;
    for (const valid of [secret, webhook.secret]) {
      new Signer(valid).verify(body, headers as Record<string, string>);
    }
    await app.context.records.WebhookEndpoint.update({ previousSecretUntil: new Date(0) }, { where: {} });
    await replay((await settled()).id);
    const [, later] = await receiver.waitFor(2);
    new Signer(secret).verify(later.body, later.headers as Record<string, string>);
    assert.throws(() =>
      new Signer(webhook.secret).verify(later.body, later.headers as Record<string, string>),
    );
  });
});

describe("the outbox", () => {
  it("is written with the change itself, for the user's own receivers that want the event", async () => {
    const { receiver, webhook, settled } = one;
    const { sequelize, WebhookEndpoint, WebhookDelivery, Generation } = app.context.records;
    const otherUser = newId();
    await sequelize.query("INSERT INTO users (id) VALUES ($1)", { bind: [otherUser] });
    const other = { id: newId(), userId: otherUser, url: receiver.url, secret: "whsec_MfKQ9r8GKYqrTwjU" };
    await WebhookEndpoint.create({ ...other, eventTypes: ["generation.canceled"] });
    await createWebhook(app, `${receiver.url}/unwanted`, ["generation.failed"]);
    const id = await makeCanceled(app);
    await settled();
    assert.deepEqual(
      (await WebhookDelivery.findAll()).map(({ endpointId }) => endpointId),
      [webhook.id],
    );
    const rollBack = sequelize.transaction(async (transaction) => {
      await Generation.update({ status: "queued", finishedAt: null }, { where: { id }, transaction });
      await Generation.update({ status: "canceled", finishedAt: new Date() }, { where: { id }, transaction });
      assert.equal(await WebhookDelivery.count({ transaction }), 2);
      throw new Error("The change fails");
    });
    await assert.rejects(rollBack, /The change fails/);
    assert.equal(await WebhookDelivery.count(), 1);
    for (const path of ["", "/deliveries"]) {
      assert.equal((await app.request(`/api/v1/webhooks/${other.id}${path}`)).status, 404);
    }
    for (const [method, path] of [
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/secret"],
      ["POST", "/test"],
    ]) {
      const body = method === "PATCH" ? { enabled: false } : undefined;
      const response = await sendJson(app, method, `/api/v1/webhooks/${other.id}${path}`, body);
      assert.equal(response.status, 404, `${method} ${path}`);
    }
    await WebhookEndpoint.destroy({ where: { id: other.id } });
  });

  it("is written for every way into a state that an event tells of, also without the product's own code", async () => {
    const { receiver, change } = one;
    const { sequelize, WebhookDelivery } = app.context.records;
    await change({ eventTypes: [...GENERATION_EVENTS, "model.created"] });
    const id = await makeCanceled(app);
    const told = ["generation.canceled"];
    // By name, for two may be written in the same millisecond; after each step, for the order of the steps.
    const assertWritten = async () => {
      const written = (await WebhookDelivery.findAll()).map(({ eventType }) => eventType);
      assert.deepEqual(written.toSorted(), told.toSorted());
    };
    await assertWritten();
    for (const status of ["needs-confirmation", "processing", "failed", "queued", "succeeded", "succeeded"]) {
      const isFinal = status === "failed" || status === "succeeded";
      await sequelize.query(
        `UPDATE generation_tasks SET status = $2::varchar, finished_at = CASE WHEN $3::boolean THEN now() END,
                error = CASE WHEN $2::varchar = 'failed' THEN '{"code":"internal"}'::jsonb END WHERE id = $1`,
        { bind: [id, status, isFinal] },
      );
      const event = `generation.${status}`;
      if ((isFinal || status === "needs-confirmation") && !told.includes(event)) told.push(event);
      await assertWritten();
    }
    await receiver.waitFor(told.length);
    for (const { event } of receiver.received) WebhookEvent.parse(event);
  });

  it("forgets what is older than thirty days", async () => {
    const { webhook, settled } = one;
    await makeCanceled(app);
    await makeCanceled(app);
    const { id } = await settled();
    await app.context.records.WebhookDelivery.update(
      { createdAt: new Date(Date.now() - 31 * 86_400_000) },
      { where: { id } },
    );
    assert.equal(await removeOldDeliveries(app.context.records), 1);
    assert.equal((await listDeliveries(app, webhook.id)).length, 1);
  });
});

describe("the log", () => {
  it("is read page by page, by state, and counts", async () => {
    const { receiver, webhook } = one;
    for (let n = 0; n < 5; n++) await makeCanceled(app);
    await receiver.waitFor(5);
    const path = `/api/v1/webhooks/${webhook.id}/deliveries`;
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await (await app.request(`${path}?limit=2&total=true${cursor}`)).json();
      const { items, nextCursor, total } = page as {
        items: { id: string }[];
        nextCursor: string;
        total: number;
      };
      assert.equal(total, 5);
      seen.push(...items.map(({ id }) => id));
      if (!nextCursor) break;
      cursor = `&cursor=${nextCursor}`;
    }
    assert.equal(new Set(seen).size, 5);
    assert.deepEqual(await listDeliveries(app, webhook.id, "?status=failed"), []);
    assert.equal((await app.request(`${path}?status=lost`)).status, 400);
    assert.equal((await app.request(`${path}?cursor=none`)).status, 400);
    const [{ recentDeliveries }] = (await (await app.request("/api/v1/webhooks")).json()).items as Webhook[];
    assert.equal(recentDeliveries.length, 5);
  });

  it("sends again what was taken already, with the same id", async () => {
    const { receiver, webhook, settled, replay } = one;
    await makeCanceled(app);
    const { id } = await settled();
    const response = await replay(id);
    assert.equal(response.status, 202);
    const [first, second] = await receiver.waitFor(2);
    assert.equal(second.headers["webhook-id"], first.headers["webhook-id"]);
    assert.equal(second.body, first.body);
    await waitForDelivery(
      app,
      webhook.id,
      ({ attemptCount, state }) => attemptCount === 2 && state !== "pending",
    );
    assert.equal((await readDelivery(app, webhook.id, id)).attempts.length, 2);
    assert.equal((await replay(newId())).status, 404);
  });
});
