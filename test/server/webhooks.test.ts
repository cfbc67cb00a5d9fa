import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import type { Generation } from "../../server/contract/generation.ts";
import { WebhookEvent, type WebhookWithSecret } from "../../server/contract/webhook.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readGeneration, readPhoto, waitForGeneration } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import {
  createWebhook,
  lengthenPauses,
  readDelivery,
  sendJson,
  skipPauses,
  waitForDelivery,
} from "../support/webhook-client.ts";
import { type ReceivedWebhook, type Receiver, startReceiver } from "../support/webhook-receiver.ts";

const PUBLIC_URL = "https://3d.example.com";

let fake: FakeGenapi;
let app: TestApp;
let receiver: Receiver;
before(async () => {
  fake = await startFakeGenapi();
  app = await startTestApp({ fake, env: { WEBHOOK_ALLOWED_HOSTS: "127.0.0.1", PUBLIC_URL } });
  await lengthenPauses(app);
  receiver = await startReceiver();
});
after(async () => {
  await app.dispose();
  await receiver.dispose();
  await fake.dispose();
});

const verify = ({ body, headers }: ReceivedWebhook, secret: string) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe("an event", () => {
  it("reaches its receiver signed, as the API shows it, with absolute addresses", async () => {
    const { secret, id } = await createWebhook(app, `${receiver.url}/shop`);
    fake.script("immediate");
    const posted = await postPhoto(app, photoForm(await readPhoto("sofa.jpg")));
    const generation = await waitForGeneration(app, ((await posted.json()) as Generation).id);
    assert.equal(generation.status, "succeeded");
    const received = await receiver.waitFor(2);
    assert.deepEqual(received.map(({ event }) => event.type).sort(), [
      "generation.succeeded",
      "model.created",
    ]);
    for (const webhook of received) {
      verify(webhook, secret);
      assert.throws(() => verify({ ...webhook, body: `${webhook.body} ` }, secret));
      WebhookEvent.parse(webhook.event);
    }
    const { event } = received.find(({ event: { type } }) => type === "generation.succeeded")!;
    assert.ok(event.type === "generation.succeeded");
    const { links, photo, ...data } = event.data;
    const { photo: shownPhoto, ...shown } = await readGeneration(app, generation.id);
    assert.deepEqual(data, shown);
    assert.deepEqual(photo, { ...shownPhoto, url: PUBLIC_URL + shownPhoto.url });
    assert.equal(links.glb, `${PUBLIC_URL}/api/v1/models/${generation.modelId}/files/model.glb`);
    const delivery = await waitForDelivery(app, id, ({ state }) => state === "succeeded");
    assert.equal(delivery.lastAttempt?.status, 204);
    await sendJson(app, "DELETE", `/api/v1/webhooks/${id}`);
  });
});

async function ping({ id }: WebhookWithSecret): Promise<void> {
  const response = await sendJson(app, "POST", `/api/v1/webhooks/${id}/test`);
  assert.equal(response.status, 202);
}

/** A generation that fails: one event. */
async function makeFailure(): Promise<void> {
  fake.script("failed");
  const posted = await postPhoto(app, photoForm(await readPhoto("mug.jpg"), { onDuplicate: "create" }));
  const { status } = await waitForGeneration(app, ((await posted.json()) as Generation).id);
  assert.equal(status, "failed");
}

describe("a receiver that fails", () => {
  it("gets the same message again until it takes it, with all attempts in the log", async () => {
    receiver.received.length = 0;
    const answers = [500, 302, 404, 200];
    receiver.answerWith((_received, response) => {
      const status = answers.shift()!;
      response
        .writeHead(status, { Location: `${receiver.url}/elsewhere` })
        .end(`answer ${status} ${"x".repeat(3000)}`);
    });
    const webhook = await createWebhook(app, `${receiver.url}/flaky`, ["generation.failed"]);
    await makeFailure();
    for (const attempts of [1, 2, 3]) {
      const delivery = await waitForDelivery(
        app,
        webhook.id,
        ({ attemptCount }) => attemptCount === attempts,
      );
      assert.equal(delivery.state, "pending");
      assert.ok(delivery.nextAttemptAt);
      await skipPauses(app);
    }
    const { id } = await waitForDelivery(app, webhook.id, ({ state }) => state === "succeeded");
    assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
    assert.deepEqual([...new Set(receiver.received.map(({ path }) => path))], ["/flaky"]);
    for (const received of receiver.received) verify(received, webhook.secret);
    const { attempts, payload } = await readDelivery(app, webhook.id, id);
    assert.deepEqual(
      attempts.map(({ number, status }) => [number, status]),
      [
        [4, 200],
        [3, 404],
        [2, 302],
        [1, 500],
      ],
    );
    assert.equal(attempts[0].answer?.length, 1024);
    assert.equal(payload, receiver.received[0].body);
    await sendJson(app, "DELETE", `/api/v1/webhooks/${webhook.id}`);
  });

  it("sends a test once, and tells what came of it", async () => {
    receiver.answerWith((_received, response) => response.writeHead(503).end("closed"));
    const webhook = await createWebhook(app, `${receiver.url}/ping`);
    await ping(webhook);
    const delivery = await waitForDelivery(app, webhook.id, ({ state }) => state === "failed");
    assert.equal(delivery.eventType, "webhook.ping");
    assert.equal(delivery.lastAttempt?.answer, "closed");
    await sendJson(app, "DELETE", `/api/v1/webhooks/${webhook.id}`);
  });
});
