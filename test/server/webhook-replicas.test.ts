import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ATTEMPT_TIMEOUT_MS } from "../../server/jobs/deliver-webhook.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { startServer } from "../support/server-process.ts";
import { createWebhook, listDeliveries, waitForDelivery } from "../support/webhook-client.ts";
import { makeCanceled } from "../support/webhook-events.ts";
import { type Receiver, startReceiver } from "../support/webhook-receiver.ts";

const ENV = { WEBHOOK_ALLOWED_HOSTS: "127.0.0.1" };

let database: TestDatabase;
let replicas: TestApp[];
let receiver: Receiver;
before(async () => {
  database = await createTestDatabase();
  const first = await startTestApp({ databaseUrl: database.url, env: ENV });
  const second = await startTestApp({ databaseUrl: database.url, uploads: first.uploads, env: ENV });
  replicas = [first, second];
});
after(async () => {
  for (const replica of replicas.toReversed()) await replica.dispose();
  await database.dispose();
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await replicas[0].context.records.WebhookEndpoint.destroy({ where: {} });
  await receiver.dispose();
});

it("sends every message once, however many processes deliver, and few at a time to one receiver", async () => {
  const [app] = replicas;
  let open = 0;
  let most = 0;
  receiver.answerWith(async (_received, response) => {
    most = Math.max(most, ++open);
    await sleep(30);
    open--;
    response.writeHead(204).end();
  });
  const { id } = await createWebhook(app, receiver.url, ["generation.canceled"]);
  for (let n = 0; n < 40; n++) await makeCanceled(app);
  await receiver.waitFor(40);
  await waitForDelivery(app, id, () => open === 0);
  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  assert.equal(new Set(ids).size, 40);
  assert.equal(ids.length, 40);
  assert.ok(most <= 4, `${most} requests at once`);
});

it("delivers to others at once while one receiver is dead", async () => {
  const [app] = replicas;
  const startedAt = performance.now();
  receiver.answerWith(({ path: asked }, response) => asked === "/dead" || response.writeHead(204).end());
  const dead = await createWebhook(app, `${receiver.url}/dead`, ["generation.canceled"]);
  await createWebhook(app, `${receiver.url}/alive`, ["generation.canceled"]);
  for (let n = 0; n < 60; n++) await makeCanceled(app);
  const count = () => receiver.received.filter(({ path: asked }) => asked === "/alive").length;
  for (let tries = 0; count() < 60 && tries < 3600; tries++) await sleep(50);
  assert.equal(count(), 60);
  const waiting = await listDeliveries(app, dead.id, "?status=pending&limit=100");
  assert.equal(waiting.length, 60);
  const timeouts = Math.floor((performance.now() - startedAt) / ATTEMPT_TIMEOUT_MS);
  const ended = waiting.reduce((sum, { attemptCount }) => sum + attemptCount, 0);
  assert.ok(ended <= 4 * timeouts, `${ended} attempts at the dead one have ended`);
});

it("sends again after a kill -9 in the middle of a request, with the same id", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-webhook-"));
  const own = await createTestDatabase();
  const settings = { ...ENV, DATABASE_URL: own.url };
  try {
    receiver.answerWith(() => undefined);
    const first = await startServer(folder, settings);
    const json = { method: "POST", headers: { "Content-Type": "application/json" } };
    const body = JSON.stringify({ url: receiver.url, eventTypes: ["model.created"] });
    const created = await fetch(`${first.url}/api/v1/webhooks`, { ...json, body });
    const { id } = (await created.json()) as { id: string };
    await fetch(`${first.url}/api/v1/webhooks/${id}/test`, json);
    await receiver.waitFor(1);
    await first.kill();
    receiver.answerWith((_received, response) => response.writeHead(204).end());
    // The lease of the dead process ends after half a minute; no clock is turned here.
    const second = await startServer(folder, settings);
    for (let tries = 0; receiver.received.length < 2 && tries < 3000; tries++) await sleep(100);
    const [before, again] = receiver.received;
    assert.equal(again?.headers["webhook-id"], before.headers["webhook-id"]);
    assert.equal(again?.body, before.body);
    await second.stop();
  } finally {
    await own.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
