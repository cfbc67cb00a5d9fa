import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Op } from "sequelize";
import type { CreatedInvitation } from "../../server/contract/invitation.ts";
import { ADMIN_EMAIL, type Member, sendJson, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";

let app: TestApp;
let admin: Member;
before(async () => {
  app = await startAccountsApp({ env: { TRUST_PROXY: "1" } });
  admin = await signIn(app);
});
after(() => app.dispose());

const INVITATIONS = "/api/v1/invitations";
const PASSWORD = "seven blue herons walking";
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const tokenIn = (url: string) => new URL(url).hash.slice(1);

async function invite(body: object = {}) {
  const answer = await admin.send("POST", INVITATIONS, body);
  assert.equal(answer.status, 201);
  const created = (await answer.json()) as CreatedInvitation;
  return { ...created, token: tokenIn(created.url) };
}

/** Everybody has an address of their own, so that attempts from one address aren't what keeps others out. */
let addresses = 0;
const register = (body: object) =>
  sendJson(app, "POST", "/api/v1/auth/register", body, { "X-Forwarded-For": `10.0.0.${++addresses}` });
const offerOf = (token: string) => app.request(`${INVITATIONS}/by-token/${token}`);

async function listed(id: string) {
  const page = await (await admin.request(INVITATIONS)).json();
  return page.items.find((item: { id: string }) => item.id === id);
}

describe("an invitation", () => {
  it("opens a closed server to one person with its role, and shows who came", async () => {
    assert.equal(
      await codeOf(await register({ email: "a@example.com", password: PASSWORD })),
      "registration-closed",
    );
    const { token, id, url } = await invite({ role: "viewer" });
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/invite#[\w-]{43}$/);
    assert.equal((await (await offerOf(token)).json()).role, "viewer");
    const answer = await register({
      invitation: token,
      email: "V@Example.com",
      name: "Vera",
      password: PASSWORD,
      tokens: true,
    });
    assert.equal(answer.status, 201);
    const { user, accessToken } = await answer.json();
    assert.equal(user.email, "v@example.com");
    assert.equal(user.role, "viewer");
    const headers = { Authorization: `Bearer ${accessToken}` };
    assert.equal((await app.request("/api/v1/models", { headers })).status, 200);
    assert.equal((await app.request(INVITATIONS, { headers })).status, 403);
    const { state, usedBy, createdBy } = await listed(id);
    assert.deepEqual({ state, usedBy, createdBy }, { state: "used", usedBy: "Vera", createdBy: ADMIN_EMAIL });
    assert.equal((await offerOf(token)).status, 410);
  });

  it("makes one account, however many use it at once", async () => {
    const { token } = await invite();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        register({ invitation: token, email: `many-${index}@example.com`, password: PASSWORD }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 201).length, 1, String(statuses));
    assert.ok(
      statuses.every((status) => [201, 410, 503].includes(status)),
      String(statuses),
    );
    const { User } = app.context.records;
    assert.equal(await User.count({ where: { email: { [Op.like]: "many-%" } } }), 1);
  });

  it("for an address is for that address alone, and an address that is taken stays its owner's", async () => {
    const { token } = await invite({ email: "one@example.com" });
    const other = await register({ invitation: token, email: "two@example.com", password: PASSWORD });
    assert.equal(await codeOf(other), "invitation-address");
    const { token: open } = await invite();
    const taken = await register({ invitation: open, email: ADMIN_EMAIL, password: PASSWORD });
    assert.equal(await codeOf(taken), "email-taken");
    const still = await register({ invitation: open, email: "two@example.com", password: PASSWORD });
    assert.equal(still.status, 201, "an attempt that failed must not use the link up");
  });

  it("does nothing once revoked, or after its time", async () => {
    const revoked = await invite();
    assert.equal((await admin.send("DELETE", `${INVITATIONS}/${revoked.id}`)).status, 204);
    assert.equal((await admin.send("DELETE", `${INVITATIONS}/${revoked.id}`)).status, 404);
    const old = await invite();
    const { Invitation } = app.context.records;
    await Invitation.update({ expiresAt: new Date(Date.now() - 1000) }, { where: { id: old.id } });
    for (const { token } of [revoked, old]) {
      assert.equal((await offerOf(token)).status, 410);
      const answer = await register({ invitation: token, email: "late@example.com", password: PASSWORD });
      assert.equal(await codeOf(answer), "link-not-valid");
    }
    assert.equal((await listed(revoked.id)).state, "revoked");
    assert.equal((await listed(old.id)).state, "expired");
  });
});

describe("a password that is being chosen", () => {
  it("is refused with the reason where it is easily guessed", async () => {
    const { token } = await invite();
    for (const [password, reason] of [
      ["password1234", /tried first/],
      ["qwertyuiop12", /tried first/],
      ["maria.petrova", /e-mail address/],
      ["xmaria.petrova@example.com", /e-mail address/],
      ["Maria.Petrova1", /tried first/],
      ["short", null],
      ["x".repeat(201), null],
    ] as const) {
      const answer = await register({ invitation: token, email: "maria.petrova@example.com", password });
      const { code, detail } = await answer.json();
      assert.equal(code, reason ? "password-too-weak" : "invalid-request", password);
      if (reason) assert.match(detail, reason);
    }
  });
});

describe("the log", () => {
  it("has no token of an invitation", async () => {
    const { token } = await invite();
    await offerOf(token);
    // A line is written when its answer has ended.
    while (!app.lines.some((line) => String(line.message).includes("/by-token/"))) await sleep(10);
    assert.ok(!JSON.stringify(app.lines).includes(token));
  });
});
