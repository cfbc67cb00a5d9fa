import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { AuditEntry } from "../../server/contract/audit.ts";
import { ATTEMPT_RULES } from "../../server/services/limits/attempts.ts";
import { type Member, makeMember, sendJson, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { type MailServer, startMailServer } from "../support/mail-server.ts";

const NEW_PASSWORD = "quite another passphrase 4471";

let mail: MailServer;
let app: TestApp;
let admin: Member;

before(async () => {
  mail = await startMailServer();
  const letters = { SMTP_URL: mail.url, MAIL_FROM: "3d@example.com", PUBLIC_URL: "http://3d.example.com" };
  const env = { ...letters, TRUST_PROXY: "1" };
  // A count that takes the database long would begin anew in this process.
  app = await startAccountsApp({ env, attemptRules: ATTEMPT_RULES, countsPatienceMs: 60_000 });
  admin = await signIn(app);
});
after(async () => {
  await app?.dispose();
  await mail?.dispose();
});

const tokenOf = (url: string) => url.split("#")[1];

describe("answers to somebody", () => {
  const PATHS = [
    "models",
    "generations",
    "shares",
    "webhooks",
    "api-keys",
    "provider-keys",
    "providers",
    "tags",
  ];

  it("are kept in no cache", async () => {
    for (const path of PATHS) {
      const answer = await admin.request(`/api/v1/${path}`);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.get("cache-control"), "no-store", path);
    }
  });
});

describe("cookies of a sign-in", () => {
  it("change nothing without the page's own header, however they are written", async () => {
    for (const cookie of ["p3d_access=", "x=1;\tp3d_access=", "p3d_access ="]) {
      const headers = { Cookie: cookie + admin.accessToken };
      const answer = await sendJson(app, "PATCH", "/api/v1/auth/me", { name: "Somebody" }, headers);
      assert.equal(answer.status, 403, cookie);
      assert.equal((await answer.json()).code, "requested-with-missing");
    }
  });
});

describe("somebody who is no administrator any more", () => {
  const LOSSES = {
    "by another role": (id: string) => admin.send("PATCH", `/api/v1/users/${id}`, { role: "user" }),
    "by being turned off": (id: string) => admin.send("PATCH", `/api/v1/users/${id}`, { disabled: true }),
    "by being deleted": (id: string) => admin.request(`/api/v1/users/${id}`, { method: "DELETE" }),
  };

  for (const [how, lose] of Object.entries(LOSSES)) {
    it(`leaves no links behind that make accounts or passwords: ${how}`, async () => {
      const [former, somebody] = [await makeMember(app, "admin"), await makeMember(app)];
      const invited = await former.send("POST", "/api/v1/invitations", { role: "admin" });
      const reset = await former.send("POST", `/api/v1/users/${somebody.userId}/reset-link`);
      const [{ url: invitation }, { url: link }] = [await invited.json(), await reset.json()];
      assert.ok((await lose(former.userId)).ok);

      const person = { email: "back@example.com", password: NEW_PASSWORD, invitation: tokenOf(invitation) };
      const joined = await sendJson(app, "POST", "/api/v1/auth/register", person);
      assert.equal((await joined.json()).code, "link-not-valid");
      const chosen = { token: tokenOf(link), password: NEW_PASSWORD };
      const answer = await sendJson(app, "POST", "/api/v1/auth/reset", chosen);
      assert.equal(answer.status, 410);
    });
  }
});

describe("a member", () => {
  it("can't have the server write letters to strangers without end", async () => {
    const member = await makeMember(app);
    const move = (email: string) =>
      member.send("PATCH", "/api/v1/auth/me", { email, currentPassword: member.password });
    const statuses: number[] = [];
    for (let number = 0; number <= ATTEMPT_RULES["letter-account"].points; number += 1)
      statuses.push((await move("stranger@example.com")).status);
    assert.deepEqual([statuses.at(-2), statuses.at(-1)], [200, 429]);
    for (let number = statuses.length; number <= ATTEMPT_RULES.letter.points; number += 1)
      statuses.push((await move(`stranger-${number}@example.com`)).status);
    assert.deepEqual([statuses.at(-2), statuses.at(-1)], [200, 429]);
    assert.equal((await member.send("PATCH", "/api/v1/auth/me", { name: "Still here" })).status, 200);
  });
});

describe("wrong passwords", () => {
  const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

  it("count for all addresses of an IPv6 network together", async () => {
    const statuses: number[] = [];
    for (let number = 0; number <= ATTEMPT_RULES["sign-in-address"].points; number += 1) {
      const body = { email: `somebody-${number}@example.com`, password: "wrong" };
      const headers = { "X-Forwarded-For": `2001:db8:0:7::${number.toString(16)}` };
      statuses.push((await sendJson(app, "POST", "/api/v1/auth/login", body, headers)).status);
    }
    assert.deepEqual([statuses.at(-2), statuses.at(-1)], [401, 429]);
  });

  it("of somebody in a session, and right ones of an account that is off, are on record", async () => {
    const member = await makeMember(app);
    const deletion = await member.send("DELETE", "/api/v1/auth/me", { password: "a guess" });
    assert.equal(await codeOf(deletion), "password-wrong");
    await admin.send("PATCH", `/api/v1/users/${member.userId}`, { disabled: true });
    const { email, password } = member;
    const again = await sendJson(app, "POST", "/api/v1/auth/login", { email, password });
    assert.equal(await codeOf(again), "account-disabled");
    const log = await admin.request(`/api/system/audit?action=auth.sign-in-failed&q=${email}`);
    const { items } = (await log.json()) as { items: AuditEntry[] };
    assert.deepEqual(
      items.map(({ actor, details }) => [actor?.id ?? null, details]),
      [
        [null, { email, disabled: true }],
        [member.userId, { email }],
      ],
    );
  });
});
