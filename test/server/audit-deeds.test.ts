import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { AuditEntry } from "../../server/contract/audit.ts";
import { AUDIT_ACTIONS } from "../../server/contract/audit-actions.ts";
import { type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";

/** What other tests see in the log: it takes lost answers, letters or a retention. */
const ELSEWHERE = [
  "auth.email-verified",
  "auth.refresh-reused",
  "backup.canceled",
  "backup.created",
  "backup.deleted",
  "backup.downloaded",
  "backup.restore-confirmed",
  "backup.restore-failed",
  "backup.restore-started",
  "backup.restore-undone",
  "backup.restored",
  "backup.verified",
  "generation.deleted",
  "generation.second-charge-accepted",
  "maintenance.ended",
  "maintenance.started",
  "system.cache-cleared",
  "system.log-level-changed",
  "system.orphans-removed",
  "system.process-started",
  "system.process-stopped",
];
const AGENT = "Audited/1.0";
const EVE = "eve@example.com";

let fake: FakeGenapi;
let app: TestApp;
let admin: Member;
let ada: Member;
const secrets: string[] = [];

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

let requests = 0;
/** A request of somebody that can be known again in the log; answers its JSON. */
async function ask<T extends object>(
  member: Member | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const isForm = body instanceof FormData;
  const answer = await app.request(path, {
    method,
    headers: {
      ...member?.headers,
      "User-Agent": AGENT,
      "X-Request-Id": `deed-${String(requests++).padStart(4, "0")}`,
      ...(body !== undefined && !isForm && { "Content-Type": "application/json" }),
    },
    body: isForm || body === undefined ? (body as FormData | undefined) : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
  return (text.startsWith("{") ? JSON.parse(text) : {}) as T;
}

async function deedsWithModels() {
  const form = photoForm(await makeSampleGlb(), {}, "thing.glb", "file");
  const { id } = await ask<{ id: string }>(ada, "POST", "/api/v1/models", form);
  const model = `/api/v1/models/${id}`;
  const share = await ask<{ id: string; url: string }>(ada, "POST", `${model}/shares`, {});
  secrets.push(new URL(share.url).pathname.slice(3));
  await ask(ada, "PATCH", `/api/v1/shares/${share.id}`, { expiresInDays: 3 });
  await ask(ada, "DELETE", `/api/v1/shares/${share.id}`);
  await ask(ada, "PATCH", model, { visibility: "team" });
  await ask(ada, "DELETE", model);
  await ask(ada, "POST", `${model}/restore`);
  await ask(ada, "DELETE", model);
  await ask(ada, "DELETE", `${model}?permanent=true`);
}

async function deedsWithKeys() {
  const hook = { url: "https://receiver.example/hook", eventTypes: ["model.created"] };
  const made = await ask<{ id: string; secret: string }>(ada, "POST", "/api/v1/webhooks", hook);
  await ask(ada, "PATCH", `/api/v1/webhooks/${made.id}`, { enabled: false });
  const renewed = await ask<{ secret: string }>(ada, "POST", `/api/v1/webhooks/${made.id}/secret`);
  await ask(ada, "DELETE", `/api/v1/webhooks/${made.id}`);
  const key = await ask<{ id: string; key: string }>(ada, "POST", "/api/v1/api-keys", {
    name: "robot",
    scopes: ["read"],
  });
  await ask(ada, "DELETE", `/api/v1/api-keys/${key.id}`);
  await ask(ada, "PUT", "/api/v1/provider-keys/genapi", { key: fake.key });
  await ask(ada, "DELETE", "/api/v1/provider-keys/genapi");
  secrets.push(made.secret, renewed.secret, key.key, fake.key);
}

async function deedsWithPeople() {
  const { records } = app.context;
  const invite = () => ask<{ id: string; url: string }>(admin, "POST", "/api/v1/invitations", {});
  const revoked = await invite();
  await ask(admin, "DELETE", `/api/v1/invitations/${revoked.id}`);
  const used = await invite();
  const invitation = new URL(used.url).hash.slice(1);
  const person = { email: EVE, password: "an unusual phrase 41", name: "Eve" };
  await ask(null, "POST", "/api/v1/auth/register", { ...person, invitation });
  const eve = await records.User.findOne({ where: { email: person.email }, rejectOnEmpty: true });
  await ask(admin, "PATCH", `/api/v1/users/${eve.id}`, { role: "viewer" });
  const link = await ask<{ url: string }>(admin, "POST", `/api/v1/users/${eve.id}/reset-link`);
  const token = new URL(link.url).hash.slice(1);
  const password = "another unusual phrase 42";
  await ask(null, "POST", "/api/v1/auth/reset", { token, password });
  const gone = await makeMember(app, "viewer");
  await ask(admin, "DELETE", `/api/v1/users/${gone.userId}`);
  secrets.push(invitation, token, person.password, password);
}

async function deedsWithSessions() {
  const wrong = { email: ada.email, password: "not the password at all" };
  const failed = await ada.send("POST", "/api/v1/auth/login", wrong);
  assert.equal(failed.status, 401);
  const second = await signIn(app, ada.email, ada.password);
  const { items } = await ask<{ items: { id: string; isCurrent: boolean }[] }>(
    ada,
    "GET",
    "/api/v1/auth/sessions",
  );
  const other = items.find(({ isCurrent }) => !isCurrent);
  await ask(ada, "DELETE", `/api/v1/auth/sessions/${other!.id}`);
  await ask(ada, "GET", "/api/v1/auth/me/export");
  const newPassword = "a third unusual phrase 43";
  await ask(ada, "POST", "/api/v1/auth/password", { currentPassword: ada.password, newPassword });
  const third = await signIn(app, ada.email, newPassword);
  await ask(third, "POST", "/api/v1/auth/logout");
  const fourth = await signIn(app, ada.email, newPassword);
  await ask(fourth, "POST", "/api/v1/auth/logout-everywhere");
  secrets.push(wrong.password, ada.password, newPassword, second.accessToken, fourth.refreshToken);
}

it("has every deed with who, when, from where and which request, and no secret", async () => {
  await deedsWithModels();
  await deedsWithKeys();
  await deedsWithPeople();
  await deedsWithSessions();
  const { sequelize } = app.context.records;
  await sequelize.query(
    "INSERT INTO provider_pauses (provider, code, until) VALUES ('genapi', 'provider-balance', now() + interval '1 hour')",
  );
  await ask(admin, "POST", "/api/v1/providers/genapi/resume");

  const log = await (await fetch(`${app.url}/api/system/audit?format=ndjson`, admin)).text();
  const entries = log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditEntry);
  const seen = new Set(entries.map(({ action }) => action));
  assert.deepEqual(
    AUDIT_ACTIONS.filter((action) => !seen.has(action)),
    ELSEWHERE,
  );
  const deeds = entries.filter(({ requestId }) => requestId?.startsWith("deed-"));
  assert.ok(deeds.length >= AUDIT_ACTIONS.length - ELSEWHERE.length - 3);
  for (const { action, actor, address, userAgent, subjectId } of deeds) {
    assert.deepEqual([address, userAgent], ["127.0.0.1", AGENT], action);
    assert.ok(subjectId || action === "provider.resumed", `${action} has a subject`);
    const isByVisitor = ["invitation.used", "user.created", "auth.password-reset"].includes(action);
    if (!isByVisitor) assert.ok([ada.email, admin.email, EVE].includes(actor?.name ?? ""), action);
  }
  for (const secret of secrets) {
    assert.ok(secret.length >= 8);
    assert.ok(!log.includes(secret), secret.slice(0, 12));
  }
});
