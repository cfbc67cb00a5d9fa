import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { WebhookPage } from "../../server/contract/webhook.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { type SingleWebhook, startSingleWebhook } from "../support/single-webhook.ts";
import {
  lengthenPauses,
  listDeliveries,
  sendJson,
  skipPauses,
  waitForDelivery,
} from "../support/webhook-client.ts";
import { makeCanceled } from "../support/webhook-events.ts";

let app: TestApp;
let one: SingleWebhook;
before(async () => {
  app = await startTestApp({ env: { WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" } });
  await lengthenPauses(app);
});
after(() => app.dispose());
beforeEach(async () => {
  one = await startSingleWebhook(app);
});
afterEach(() => one.receiver.dispose());

describe("a receiver", () => {
  it("that says 410 is disabled at once, with the reason, and can be enabled again", async () => {
    const { receiver, webhook, read, change, settled, replay } = one;
    receiver.answerWith((_received, response) => response.writeHead(410).end());
    await makeCanceled(app);
    const { id, state } = await settled();
    assert.equal(state, "failed");
    const { enabled, disabledReason, disabledAt } = await read();
    assert.deepEqual({ enabled, disabledReason }, { enabled: false, disabledReason: "gone" });
    assert.ok(disabledAt);
    await makeCanceled(app);
    assert.equal((await listDeliveries(app, webhook.id)).length, 1);
    assert.equal((await replay(id)).status, 409);
    assert.equal((await change({ enabled: true })).disabledReason, null);
    receiver.answerWith((_received, response) => response.writeHead(204).end());
    assert.equal((await replay(id)).status, 202);
    assert.equal((await settled()).state, "succeeded");
  });

  it("that failed for five days is disabled; enabled again, its deliveries go on", async () => {
    const { receiver, webhook, read, change, settled } = one;
    receiver.answerWith((_received, response) => response.writeHead(500).end());
    await makeCanceled(app);
    await waitForDelivery(app, webhook.id, ({ attemptCount }) => attemptCount === 1);
    assert.ok((await read()).failingSince);
    await app.context.records.WebhookEndpoint.update(
      { failingSince: new Date(Date.now() - 5 * 86_400_000), failuresInRow: 9 },
      { where: {} },
    );
    await skipPauses(app);
    await waitForDelivery(app, webhook.id, ({ attemptCount }) => attemptCount === 2);
    assert.equal((await read()).disabledReason, "failing");
    receiver.answerWith((_received, response) => response.writeHead(200).end());
    await skipPauses(app);
    const { enabled, failingSince } = await change({ enabled: true });
    assert.deepEqual({ enabled, failingSince }, { enabled: true, failingSince: null });
    assert.equal((await settled()).state, "succeeded");
  });

  it("that is paused gets nothing but tests, and the rest afterwards", async () => {
    const { receiver, webhook, change, settled } = one;
    let isTaking = false;
    receiver.answerWith((_received, response) => response.writeHead(isTaking ? 200 : 500).end());
    await makeCanceled(app);
    await waitForDelivery(app, webhook.id, ({ attemptCount }) => attemptCount === 1);
    assert.equal((await change({ enabled: false })).disabledReason, "paused");
    isTaking = true;
    await skipPauses(app);
    const test = await sendJson(app, "POST", `/api/v1/webhooks/${webhook.id}/test`);
    assert.equal(test.status, 202);
    const { eventType } = await settled();
    assert.equal(eventType, "webhook.ping");
    assert.equal((await listDeliveries(app, webhook.id, "?status=pending")).length, 1);
    await change({ enabled: true });
    await receiver.waitFor(3);
  });

  it("is changed only where that is asked for, and only to what is possible", async () => {
    const { webhook, read, change } = one;
    const changed = await change({ description: "Shop", eventTypes: ["model.created", "generation.failed"] });
    assert.equal(changed.url, webhook.url);
    assert.deepEqual(changed.eventTypes, ["generation.failed", "model.created"]);
    const inside = await sendJson(app, "PATCH", `/api/v1/webhooks/${webhook.id}`, {
      url: "https://10.0.0.1/",
    });
    assert.equal(inside.status, 422);
    assert.equal((await read()).url, webhook.url);
  });

  it("is one of twenty at most, also when many are made at once", async () => {
    const { receiver } = one;
    const body = { url: receiver.url, eventTypes: ["model.created"] };
    const made = await Promise.all(
      Array.from({ length: 25 }, () => sendJson(app, "POST", "/api/v1/webhooks", body)),
    );
    assert.equal(made.filter(({ status }) => status === 201).length, 19);
    assert.equal(made.filter(({ status }) => status === 409).length, 6);
    const page = (await (
      await app.request("/api/v1/webhooks?limit=7&total=true")
    ).json()) as typeof WebhookPage._output;
    assert.deepEqual([page.items.length, page.total, page.nextCursor !== null], [7, 20, true]);
  });
});
