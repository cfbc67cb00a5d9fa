import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Generation } from "../../server/contract/generation.ts";
import type { ProviderView } from "../../server/contract/provider.ts";
import { type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { numberedPhoto } from "../support/create-as.ts";
import { BEHAVIOURS } from "../support/fake-genapi/behaviours.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { lengthenPauses } from "../support/long-pauses.ts";
import { boxGlb } from "../support/make-glb.ts";
import { freePort } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const KEY = "own-key-of-a-user-1f0c9b77";
const OTHER_KEY = "own-key-of-a-user-77aa41d2";
const PATH = "/api/v1/provider-keys/genapi";

let photos = 0;

/** Orders a model of a new photo. */
async function order(member: Member): Promise<Generation> {
  photos += 1;
  const body = photoForm(await numberedPhoto(photos), { provider: "genapi" });
  const answer = await member.request("/api/v1/generations", { method: "POST", body });
  assert.equal(answer.status, 202, await answer.clone().text());
  return (await answer.json()) as Generation;
}

async function ended(
  member: Member,
  { id }: Generation,
  until = ({ finishedAt }: Generation) => finishedAt !== null,
) {
  for (let tries = 0; tries < 2400; tries += 1) {
    const last = (await (await member.request(`/api/v1/generations/${id}`)).json()) as Generation;
    if (until(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The generation did not get there");
}

async function genapi(member: Member): Promise<ProviderView> {
  const answer = (await (await member.request("/api/v1/providers")).json()) as { items: ProviderView[] };
  return answer.items.find(({ id }) => id === "genapi")!;
}

/** With the balance, which is left out where the answer to that takes too long. */
async function genapiWithBalance(member: Member): Promise<ProviderView> {
  let view = await genapi(member);
  await until("the balance is told", async () => {
    if (view.balanceRoubles !== null) return true;
    view = await genapi(member);
    return false;
  });
  return view;
}

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe("with a key of the service", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let admin: Member;
  let user: Member;
  before(async () => {
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
    fake.accounts.set(KEY, { balance: 300 });
    const port = await freePort();
    app = await startAccountsApp({
      fake,
      port,
      env: {
        GENAPI_DAILY_GENERATIONS: "3",
        GENAPI_USER_DAILY_GENERATIONS: "7",
        PUBLIC_URL: `http://127.0.0.1:${port}`,
      },
    });
    admin = await signIn(app);
    user = await makeMember(app);
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });
  const keysOfCreates = () => fake.creates().map(({ key }) => key);

  it("an own key is kept only when the provider knows it, and never comes out again", async () => {
    const unknown = await user.send("PUT", PATH, { key: "nobody-knows-this" });
    assert.deepEqual([unknown.status, await codeOf(unknown)], [422, "provider-key-refused"]);
    assert.deepEqual(await (await user.request("/api/v1/provider-keys")).json(), { items: [] });
    assert.equal((await genapi(user)).keySource, "service");

    const saved = await user.send("PUT", PATH, { key: ` ${KEY} ` });
    assert.equal(saved.status, 200);
    const shown = (await saved.json()) as { lastFour: string; checkedAt: string };
    assert.deepEqual([shown.lastFour, typeof shown.checkedAt], ["9b77", "string"]);
    assert.ok(!JSON.stringify(shown).includes(KEY));
    const [rows] = await app.context.records.sequelize.query("SELECT provider_keys::text FROM provider_keys");
    assert.ok(!JSON.stringify(rows).includes(Buffer.from(KEY).toString("hex")));

    const own = await genapiWithBalance(user);
    assert.deepEqual([own.keySource, own.balanceRoubles], ["own", 300]);
    const { keySource, balanceRoubles } = await genapiWithBalance(admin);
    assert.deepEqual([keySource, balanceRoubles], ["service", 1234.5]);
  });

  it("it pays for its user's work, which takes nothing of the service's budget", async () => {
    assert.equal((await ended(user, await order(user))).status, "succeeded");
    assert.deepEqual(keysOfCreates(), [KEY]);
    for (let count = 0; count < 3; count += 1) await ended(user, await order(user));
    assert.equal((await genapi(admin)).money!.left.generations, 3);
    assert.equal((await genapi(user)).money!.left.generations, 3);
    assert.equal((await ended(admin, await order(admin))).status, "succeeded");
    assert.equal(keysOfCreates().at(-1), fake.key);
  });

  it("an answer that was lost is found again by the key that paid", async () => {
    const before = { creates: fake.creates().length, requests: fake.requests.length };
    fake.script("callback-after-reset", "ok");
    assert.equal((await ended(user, await order(user))).status, "succeeded");
    assert.equal(fake.creates().length, before.creates + 1);
    const asked = fake.requests
      .slice(before.requests)
      .filter(({ path }) => /networks|request\/get/.test(path));
    assert.ok(asked.length > 1 && asked.every(({ headers }) => headers.authorization === `Bearer ${KEY}`));
  });

  it("without money it fails that work alone, saying so, holds up nobody, and nobody else spends from it", async () => {
    fake.accounts.set(KEY, { balance: 0 });
    const { id, error, cost } = await ended(user, await order(user));
    assert.deepEqual([error?.code, cost], ["provider-key-balance", null]);
    assert.equal((await ended(admin, await order(admin))).status, "succeeded");
    assert.equal((await genapi(admin)).pause, null);
    const byAnother = await admin.send("POST", `/api/v1/generations/${id}/retry`, {});
    assert.deepEqual([byAnother.status, await codeOf(byAnother)], [403, "not-allowed"]);
    fake.accounts.set(KEY, { balance: 100 });
    const again = await user.send("POST", `/api/v1/generations/${id}/retry`, {});
    assert.equal(again.status, 202, await again.clone().text());
    assert.equal((await ended(user, { id } as Generation)).status, "succeeded");
  });

  it("an empty account of the service holds up only those who pay by it", async () => {
    await lengthenPauses(app);
    fake.accounts.set(fake.key, { balance: 0 });
    const held = await order(admin);
    await ended(admin, held, ({ pause }) => pause !== null);
    assert.equal((await genapi(user)).pause, null);
    assert.equal((await ended(user, await order(user))).status, "succeeded");
    assert.equal((await genapi(admin)).pause?.code, "provider-balance");
    await admin.send("POST", `/api/v1/generations/${held.id}/cancel`);
    await admin.send("POST", "/api/v1/providers/genapi/resume");
    fake.accounts.set(fake.key, { balance: 1234.5 });
  });
});

describe("without a key of the service", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let user: Member;
  before(async () => {
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
    fake.accounts.set(KEY, { balance: 300 });
    app = await startAccountsApp({
      env: { GENAPI_BASE_URL: `${fake.url}/api/v1`, GENAPI_REQUESTS_PER_SECOND: "1000" },
    });
    user = await makeMember(app);
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  it("the provider is there for those alone who bring one", async () => {
    const body = photoForm(await numberedPhoto(90), { provider: "genapi" });
    const refused = await user.request("/api/v1/generations", { method: "POST", body });
    assert.deepEqual([refused.status, await codeOf(refused)], [422, "provider-unavailable"]);
    const { available, keySource, sendsPhotoTo, money } = await genapi(user);
    assert.deepEqual([available, keySource, sendsPhotoTo, money], [false, null, null, null]);
    assert.equal((await user.send("PUT", PATH, { key: KEY })).status, 200);
    const mine = await genapi(user);
    assert.deepEqual([mine.available, mine.isDefault, mine.keySource], [true, true, "own"]);
    assert.equal((await ended(user, await order(user))).status, "succeeded");
  });

  it("work whose key was removed says what to do, and is fetched without a second charge", async () => {
    let isDone = false;
    fake.script({
      ...BEHAVIOURS.ok,
      polls: [(call) => (isDone ? BEHAVIOURS.ok.polls!.at(-1)! : BEHAVIOURS.ok.polls![0])(call)],
    });
    const started = await order(user);
    await ended(user, started, ({ status }) => status === "processing");
    assert.equal((await user.send("DELETE", PATH)).status, 204);
    const { error, retry } = await ended(user, started);
    assert.deepEqual([error?.code, retry], ["provider-key-missing", { way: "fetch", mayCost: false }]);
    const paid = fake.creates().length;
    isDone = true;
    assert.equal((await user.send("PUT", PATH, { key: KEY })).status, 200);
    assert.equal((await user.send("POST", `/api/v1/generations/${started.id}/retry`, {})).status, 202);
    assert.equal((await ended(user, started)).status, "succeeded");
    assert.equal(fake.creates().length, paid);
  });

  it("a key that is revoked at the provider ends the work with what to do, and another one replaces it", async () => {
    fake.script({ ...BEHAVIOURS.ok, polls: [BEHAVIOURS.ok.polls![0]] });
    const started = await order(user);
    await ended(user, started, ({ status }) => status === "processing");
    fake.accounts.delete(KEY);
    assert.equal((await ended(user, started)).error?.code, "provider-key-refused");
    assert.equal((await ended(user, await order(user))).error?.code, "provider-key-refused");
    fake.accounts.set(OTHER_KEY, { balance: 5 });
    assert.equal((await user.send("PUT", PATH, { key: OTHER_KEY })).status, 200);
    assert.equal((await genapiWithBalance(user)).balanceRoubles, 5);
    const { records } = app.context;
    const deeds = await records.AuditEntry.findAll({
      where: { actorId: user.userId },
      order: [["createdAt", "ASC"]],
    });
    const keyed = deeds.filter(({ action }) => action.startsWith("provider-key"));
    assert.deepEqual(
      keyed.map(({ action }) => action),
      ["saved", "removed", "saved", "saved"].map((deed) => `provider-key.${deed}`),
    );
    assert.ok(![KEY, OTHER_KEY].some((key) => JSON.stringify([deeds, app.lines]).includes(key)));
  });

  it("is not checked, and not kept, while the provider does not answer", async () => {
    const { records } = app.context;
    await records.sequelize.query("UPDATE provider_limits SET open_until = now() + interval '1 minute'");
    const answer = await user.send("PUT", PATH, { key: OTHER_KEY });
    assert.deepEqual([answer.status, await codeOf(answer)], [503, "provider-key-unchecked"]);
    await records.sequelize.query("UPDATE provider_limits SET open_until = NULL");
  });
});
