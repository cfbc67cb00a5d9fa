import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuthState } from "../../server/contract/account.ts";
import type { Generation } from "../../server/contract/generation.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { type Member, makeMember, sendJson, signIn, startAccountsApp } from "../support/accounts.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, readPhoto } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { state, success } from "../support/fake-genapi/steps.ts";
import { jobDone } from "../support/job-done.ts";

const PATH = "/api/system/maintenance";
const MESSAGE = "Back at noon";
const LIMIT_MS = 300_000;

describe("maintenance with accounts", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let admin: Member;
  let ada: Member;

  before(async () => {
    fake = await startFakeGenapi();
    app = await startAccountsApp({ fake });
    admin = await signIn(app);
    ada = await makeMember(app);
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  const put = (member: Member, body: unknown) => member.send("PUT", PATH, body);
  const turnOn = async () =>
    assert.equal((await put(admin, { enabled: true, message: MESSAGE })).status, 200);
  const turnOff = async () => assert.equal((await put(admin, { enabled: false })).status, 200);

  async function refused(answer: Response) {
    const problem = (await answer.json()) as Problem;
    assert.deepEqual([answer.status, problem.code], [503, "maintenance"]);
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    return problem;
  }

  async function order(member: Member): Promise<Generation> {
    const body = photoForm(await readPhoto("sofa.jpg"));
    const answer = await member.request("/api/v1/generations", { method: "POST", body });
    assert.equal(answer.status, 202, await answer.clone().text());
    return (await answer.json()) as Generation;
  }

  async function reach(member: Member, id: string, status: Generation["status"]): Promise<Generation> {
    for (const deadline = performance.now() + LIMIT_MS; ; await sleep(100)) {
      const answer = await member.request(`/api/v1/generations/${id}`);
      const generation = (await answer.json()) as Generation;
      if (generation.status === status) return generation;
      assert.equal(generation.finishedAt, null, JSON.stringify(generation.error));
      assert.ok(performance.now() < deadline, `It is ${generation.status} instead of ${status}`);
    }
  }

  it("is for administrators, and on record", async () => {
    assert.equal((await sendJson(app, "PUT", PATH, { enabled: true })).status, 401);
    assert.equal((await put(ada, { enabled: true })).status, 403);
    assert.equal((await ada.request(PATH)).status, 403);
    assert.equal((await put(admin, { enabled: true, message: "x".repeat(501) })).status, 400);
    assert.deepEqual(await (await admin.request(PATH)).json(), { enabled: false, message: null });
    await turnOn();
    assert.deepEqual(await (await admin.request(PATH)).json(), { enabled: true, message: MESSAGE });
    await turnOff();
    const log = await (await admin.request("/api/system/audit?action=maintenance.")).json();
    assert.deepEqual(
      log.items.map(({ action, actor }: { action: string; actor: { name: string } }) => [action, actor.name]),
      [
        ["maintenance.ended", admin.email],
        ["maintenance.started", admin.email],
      ],
    );
  });

  it("holds the changes of members, with the message; reading, signing in and health go on", async () => {
    await turnOn();
    const problem = await refused(await ada.send("PATCH", "/api/v1/auth/me", { name: "Ada" }));
    assert.equal(problem.detail, MESSAGE);
    const upload = { method: "POST", body: photoForm(await readPhoto("sofa.jpg")) };
    await refused(await ada.request("/api/v1/generations", upload));
    await refused(await sendJson(app, "POST", "/api/v1/auth/forgot", { email: ada.email }));
    assert.equal((await ada.request("/api/v1/models")).status, 200);
    assert.equal((await app.request("/health")).status, 200);
    assert.equal((await admin.request("/metrics")).status, 200);
    const again = await signIn(app, ada.email, ada.password);
    const { refreshToken } = again;
    const refreshed = await sendJson(app, "POST", "/api/v1/auth/refresh", { refreshToken, tokens: true });
    assert.equal(refreshed.status, 200);
    const shown = (await (await app.request("/api/v1/auth/state")).json()) as AuthState;
    assert.deepEqual(shown.maintenance, { message: MESSAGE });

    await put(admin, { enabled: true, message: " " });
    const usual = await refused(await ada.send("PATCH", "/api/v1/auth/me", { name: "Ada" }));
    assert.match(usual.detail, /looked after/);
    await turnOff();
    assert.equal((await ada.send("PATCH", "/api/v1/auth/me", { name: "Ada" })).status, 200);
    const over = (await (await app.request("/api/v1/auth/state")).json()) as AuthState;
    assert.equal(over.maintenance, null);
  });

  it("lets administrators through, and of their keys only those that may administrate", async () => {
    const keyOf = async (scopes: string[]) => {
      const made = await admin.send("POST", "/api/v1/api-keys", { name: scopes.join(), scopes });
      return { Authorization: `Bearer ${(await made.json()).key}` };
    };
    const [writer, administrator] = [await keyOf(["read", "write"]), await keyOf(["read", "write", "admin"])];
    await turnOn();
    const imported = (headers: Record<string, string>) =>
      app.request("/api/v1/models", { method: "POST", body: new FormData(), headers });
    assert.equal((await imported(admin.headers)).status, 400);
    assert.equal((await imported(administrator)).status, 400);
    await refused(await imported(writer));
    await turnOff();
  });

  it("begins no work, and lets what was begun end", async () => {
    let isDone = false;
    fake.script({
      polls: [
        (call) =>
          isDone
            ? success(({ resultUrl }) => ({ result: [resultUrl] }))(call)
            : state({ status: "processing", progress: 10 })(call),
      ],
    });
    const begun = await order(ada);
    await reach(ada, begun.id, "processing");
    await turnOn();
    const created = fake.creates().length;
    const waiting = await order(admin);
    await jobDone(app, "submit-genapi", waiting.id);
    isDone = true;
    await reach(ada, begun.id, "succeeded");
    assert.equal((await reach(admin, waiting.id, "queued")).status, "queued");
    assert.equal(fake.creates().length, created);

    // It is the end of the maintenance that begins the work: the sweep leaves what has just been queued to its job.
    await app.context.records.sequelize.query(
      "UPDATE generation_tasks SET updated_at = now() + interval '1 day' WHERE id = :id",
      { replacements: { id: waiting.id } },
    );
    await turnOff();
    await reach(admin, waiting.id, "succeeded");
    assert.equal(fake.creates().length, created + 1);
  });
});

it("without sign-in nobody is told apart: all changes are held but the end of the maintenance", async () => {
  await using app = await startTestApp();
  const enabled = await sendJson(app, "PUT", PATH, { enabled: true });
  assert.deepEqual(await enabled.json(), { enabled: true, message: null });
  const key = { name: "Shop", scopes: ["read"] };
  const held = await sendJson(app, "POST", "/api/v1/api-keys", key);
  assert.deepEqual([held.status, (await held.json()).code], [503, "maintenance"]);
  assert.equal((await app.request("/api/v1/models")).status, 200);
  assert.equal((await sendJson(app, "PUT", PATH, { enabled: false })).status, 200);
  assert.equal((await sendJson(app, "POST", "/api/v1/api-keys", key)).status, 201);
});
