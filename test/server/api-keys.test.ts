import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiKeyWithText } from "../../server/contract/api-key.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { LOCAL_CALLER } from "../../server/policies/caller.ts";
import { isWellFormedApiKey, newApiKeyText } from "../../server/services/api-key-text.ts";
import { createApiKey, findApiKey } from "../../server/services/api-keys.ts";
import { SERVER } from "../../server/services/audit.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
before(async () => {
  app = await startTestApp();
  const { User } = app.context.records;
  await User.update({ email: "a@example.com", passwordHash: "x" }, { where: { id: LOCAL_USER_ID } });
});
after(() => app.dispose());

const post = (body: unknown) =>
  app.request("/api/v1/api-keys", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

test("every one of a key's characters is under its checksum", () => {
  const key = newApiKeyText();
  assert.match(key, /^p3d_[0-9A-Za-z]{38}$/);
  assert.equal(isWellFormedApiKey(key), true);
  for (let at = 4; at < key.length; at += 1) {
    const other = key[at] === "A" ? "B" : "A";
    assert.equal(isWellFormedApiKey(key.slice(0, at) + other + key.slice(at + 1)), false, `position ${at}`);
  }
  for (const text of [key.slice(1), `${key}0`, ` ${key}`, key.toUpperCase(), ""]) {
    assert.equal(isWellFormedApiKey(text), false, text);
  }
});

test("a key is shown once, opens until it is revoked, and its use is noted", async () => {
  const answer = await post({ name: "Shop", scopes: ["write", "read"] });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const { key, ...shown } = (await answer.json()) as ApiKeyWithText;
  assert.deepEqual(shown.scopes, ["read", "write"]);
  assert.ok(key.startsWith(shown.prefix) && shown.prefix.length === 12);

  const listed = await (await app.request("/api/v1/api-keys")).text();
  assert.ok(listed.includes(shown.prefix) && !listed.includes(key));
  const { records } = app.context;
  const [rows] = await records.sequelize.query("SELECT api_keys::text AS text FROM api_keys");
  assert.ok(!JSON.stringify(rows).includes(key.slice(12)));

  const found = await findApiKey(records, key);
  assert.deepEqual([found?.key.id, found?.user.id], [shown.id, LOCAL_USER_ID]);
  let usedAt: Date | null = null;
  while (!usedAt) {
    await sleep(20);
    usedAt = (await records.ApiKey.findByPk(shown.id))?.lastUsedAt ?? null;
  }

  const revoke = () => app.request(`/api/v1/api-keys/${shown.id}`, { method: "DELETE" });
  assert.equal((await revoke()).status, 204);
  assert.equal(await findApiKey(records, key), null);
  assert.equal((await revoke()).status, 404);
  const deeds = await records.AuditEntry.findAll({ where: { subjectId: shown.id }, order: ["createdAt"] });
  assert.deepEqual(
    deeds.map(({ action }) => action),
    ["api-key.created", "api-key.revoked"],
  );
  assert.ok(!JSON.stringify(deeds).includes(key));
});

test("an expired key says so, a disabled user's and an unknown key are nobody's", async () => {
  const { records } = app.context;
  const fields = { name: "Old", scopes: ["read" as const], expiresInDays: 1 };
  const { key, text } = await createApiKey(records, LOCAL_CALLER, fields, SERVER);
  assert.ok(Math.abs(key.expiresAt!.getTime() - key.createdAt.getTime() - 86_400_000) < 5000);
  await records.User.update({ disabledAt: new Date() }, { where: { id: LOCAL_USER_ID } });
  assert.equal(await findApiKey(records, text), null);
  await records.User.update({ disabledAt: null }, { where: { id: LOCAL_USER_ID } });
  await key.update({ expiresAt: new Date(Date.now() - 1000) });
  await assert.rejects(findApiKey(records, text), { code: "api-key-expired" });
  assert.equal(await findApiKey(records, newApiKeyText()), null);
});

test("the scope of administrators is theirs alone, and of many requests at once the limit lets in as many as it says", async () => {
  const { records } = app.context;
  const fields = { name: "Many", scopes: ["read" as const], expiresInDays: null };
  await assert.rejects(
    createApiKey(records, { userId: LOCAL_USER_ID, role: "user" }, { ...fields, scopes: ["admin"] }, SERVER),
    { code: "not-allowed" },
  );
  const tries = await Promise.all(Array.from({ length: 60 }, () => post({ name: "Many" })));
  const made = tries.filter(({ status }) => status === 201).length;
  assert.equal(await records.ApiKey.count({ where: { userId: LOCAL_USER_ID, revokedAt: null } }), 50);
  assert.ok(made < 60 && tries.every(({ status }) => status === 201 || status === 409));
});

test("wrong fields are refused", async () => {
  const wrong = [{}, { name: "" }, { name: "x", scopes: [] }, { name: "x", scopes: ["root"] }];
  for (const body of [...wrong, { name: "x", expiresInDays: 0 }, { name: "x", hash: "00" }]) {
    assert.equal((await post(body)).status, 400, JSON.stringify(body));
  }
});
