import assert from "node:assert/strict";
import { after, before, beforeEach, it } from "node:test";
import { v7 as newId } from "uuid";
import { connectDatabase } from "../../server/database/connect.ts";
import { defineRecords, type Records } from "../../server/models/records.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { type ClaimedDelivery, claimDeliveries } from "../../server/models/webhook-claims.ts";
import { recordAttempt } from "../../server/models/webhook-results.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const LIMITS = { limit: 50, perEndpoint: 4, leaseSeconds: 30 };
const FAILED = { durationMs: 1, status: 500, error: null, answer: null };
const RETRY = { state: "retry", delaySeconds: 60, disable: null } as const;

/** Two processes on one database. */
let database: TestDatabase;
let replicas: [Records, Records];
before(async () => {
  database = await createTestDatabase();
  const connect = () =>
    defineRecords(
      connectDatabase({ url: database.url, pool: { max: 4, min: 0, acquireMs: 60_000, idleMs: 1000 } }),
    );
  replicas = [connect(), connect()];
});
after(async () => {
  for (const { sequelize } of replicas) await sequelize.close();
  await database.dispose();
});
beforeEach(() => replicas[0].WebhookEndpoint.destroy({ where: {} }));

/** A receiver with due messages. */
async function makeEndpoint(messages: number): Promise<string> {
  const [{ WebhookEndpoint, WebhookDelivery }] = replicas;
  const id = newId();
  const facts = {
    userId: LOCAL_USER_ID,
    url: "https://hooks.example.com/",
    secret: "whsec_MfKQ9r8GKYqrTwjU",
  };
  await WebhookEndpoint.create({ id, ...facts, eventTypes: ["generation.canceled"] });
  const firstDueAt = Date.now() - 60_000;
  for (let n = 0; n < messages; n++) {
    const eventType = "generation.canceled";
    await WebhookDelivery.create({
      id: newId(),
      endpointId: id,
      messageId: `msg_${n}`,
      eventType,
      snapshot: {},
      // In the order of the claims: made one after the other, two may be due in the same millisecond.
      nextAttemptAt: new Date(firstDueAt + n),
    });
  }
  return id;
}

const claimByBoth = async () =>
  (await Promise.all(replicas.map((records) => claimDeliveries(records, LIMITS)))).flat();
const idsOf = (claimed: ClaimedDelivery[]) => claimed.map(({ id }) => id).sort();

it("gives a delivery to one process, and few of one receiver to all of them together", async () => {
  await makeEndpoint(20);
  for (let round = 0; round < 5; round++) {
    const claimed = await claimByBoth();
    assert.equal(new Set(idsOf(claimed)).size, 4);
    assert.equal(claimed.length, 4);
    assert.deepEqual(await claimByBoth(), []);
    for (const one of claimed)
      await recordAttempt(replicas[0], one, { ...FAILED, status: 200 }, { ...RETRY, state: "succeeded" });
  }
  assert.deepEqual(await claimByBoth(), []);
});

it("asks a receiver that fails one thing at a time, and others as usual", async () => {
  const failing = await makeEndpoint(10);
  await makeEndpoint(10);
  const [first] = (await claimByBoth()).filter(({ endpointId }) => endpointId === failing);
  await replicas[0].WebhookDelivery.update({ leasedUntil: null }, { where: {} });
  const [again] = (await claimByBoth()).filter(({ id }) => id === first.id);
  await recordAttempt(replicas[1], again, FAILED, RETRY);
  await replicas[0].WebhookDelivery.update({ leasedUntil: null }, { where: {} });
  const claimed = await claimByBoth();
  assert.equal(claimed.filter(({ endpointId }) => endpointId === failing).length, 1);
  assert.equal(claimed.length, 5);
});

it("gives it to another when the lease ends, and takes no result from the one that lost it", async () => {
  const [one, other] = replicas;
  await makeEndpoint(1);
  const [lost] = await claimDeliveries(one, LIMITS);
  assert.deepEqual(await claimDeliveries(other, LIMITS), []);
  await one.WebhookDelivery.update({ leasedUntil: new Date(Date.now() - 1000) }, { where: {} });
  const [taken] = await claimDeliveries(other, LIMITS);
  assert.deepEqual([taken.id, taken.messageId, taken.fence], [lost.id, lost.messageId, lost.fence + 1]);
  await recordAttempt(one, lost, FAILED, { ...RETRY, state: "failed", disable: "gone" });
  const read = () => one.WebhookDelivery.findByPk(lost.id, { rejectOnEmpty: true });
  const untouched = await read();
  assert.deepEqual([untouched.state, untouched.attemptCount], ["pending", 0]);
  assert.equal((await one.WebhookEndpoint.findAll())[0].enabled, true);
  await recordAttempt(other, taken, { ...FAILED, status: 204 }, { ...RETRY, state: "succeeded" });
  assert.equal((await read()).state, "succeeded");
  assert.equal(await one.WebhookAttempt.count({ where: { deliveryId: lost.id } }), 1);
});

it("sends nothing before its time", async () => {
  await makeEndpoint(1);
  const [claimed] = await claimByBoth();
  await recordAttempt(replicas[0], claimed, FAILED, RETRY);
  assert.deepEqual(await claimByBoth(), []);
  const [{ failuresInRow, failingSince }] = await replicas[0].WebhookEndpoint.findAll();
  assert.equal(failuresInRow, 1);
  assert.ok(failingSince);
});
