import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { createFirstAdminLink, ensureFirstAdmin } from "../../server/services/accounts/first-admin.ts";
import { ADMIN_EMAIL, ADMIN_PASSWORD, sendJson, signIn } from "../support/accounts.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
before(async () => {
  app = await startTestApp({ env: { AUTH: "on", TRUST_PROXY: "1" } });
});
after(() => app.dispose());

/** From an address of its own, so that attempts from one address aren't what keeps others out. */
function claim(token: string, index = 0, password = "seven blue herons walking") {
  const person = { email: `first-${index}@example.com`, password };
  const from = { "X-Forwarded-For": `10.0.0.${index}` };
  return sendJson(app, "POST", "/api/v1/auth/first-admin", { token, ...person }, from);
}
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const state = async () => (await app.request("/api/v1/auth/state")).json();

describe("the first administrator", () => {
  it("comes with a link of the log only, that of any process, within its hour", async () => {
    const { accounts, records } = app.context;
    assert.deepEqual(await state(), {
      mode: "accounts",
      firstRun: true,
      registration: "closed",
      mail: false,
      maintenance: null,
    });
    const first = accounts.firstAdminToken!;
    assert.match(first, /^[\w-]{43}$/);
    assert.equal(await codeOf(await claim("x".repeat(43))), "link-not-valid");
    const another = (await createFirstAdminLink(accounts))!;
    for (const token of [first, another]) {
      assert.equal(
        await codeOf(await claim(token, 0, "administrator")),
        "password-too-weak",
        "the link is good",
      );
    }
    await records.OneTimeToken.update({ expiresAt: new Date(Date.now() - 1000) }, { where: {} });
    for (const token of [first, another]) assert.equal(await codeOf(await claim(token)), "link-not-valid");
    assert.equal((await state()).firstRun, true);
  });

  it("is one, of 200 who try at the same moment", async () => {
    const token = (await createFirstAdminLink(app.context.accounts))!;
    const unused = (await createFirstAdminLink(app.context.accounts))!;
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => claim(token, index)));
    const statuses = answers.map(({ status }) => status);
    const counts = Object.fromEntries(
      [...new Set(statuses)].map((s) => [s, statuses.filter((x) => x === s).length]),
    );
    assert.equal(counts[201], 1, JSON.stringify(counts));
    assert.ok(
      statuses.every((status) => [201, 410, 503].includes(status)),
      JSON.stringify(counts),
    );
    for (const answer of answers.filter(({ status }) => status === 503)) {
      assert.ok(Number(answer.headers.get("Retry-After")) > 0);
    }
    const users = await app.context.records.User.findAll();
    assert.deepEqual(
      users.map(({ id, role }) => [id, role]),
      [[LOCAL_USER_ID, "admin"]],
      "the local user, to whom everything belongs, became the administrator",
    );
    assert.equal((await state()).firstRun, false);
    assert.equal(await createFirstAdminLink(app.context.accounts), null, "no further link");
    for (const left of [token, unused]) assert.equal(await codeOf(await claim(left)), "link-not-valid");
  });

  it("has no link of a process that tells nobody of it", async () => {
    const worker = await startTestApp({ env: { AUTH: "on", ROLE: "worker" } });
    try {
      assert.equal(worker.context.accounts.firstAdminToken, null);
    } finally {
      await worker.dispose();
    }
  });

  it("of the settings is made once by processes that start together, and never changed by a later start", async () => {
    const { records, accounts } = app.context;
    await records.User.update({ email: null, passwordHash: null }, { where: { id: LOCAL_USER_ID } });
    const admin = { email: ADMIN_EMAIL, password: ADMIN_PASSWORD };
    const made = await Promise.all(Array.from({ length: 8 }, () => ensureFirstAdmin(accounts, admin)));
    assert.equal(made.filter((user) => user !== null).length, 1);
    assert.equal(
      await ensureFirstAdmin(accounts, { email: "other@example.com", password: "another long one" }),
      null,
    );
    assert.equal(await records.User.count(), 1);
    assert.ok((await signIn(app)).accessToken);
  });

  it("of the settings needs a password that isn't guessed at once", async () => {
    const { records, accounts } = app.context;
    await records.User.update({ email: null, passwordHash: null }, { where: { id: LOCAL_USER_ID } });
    await assert.rejects(
      ensureFirstAdmin(accounts, { email: ADMIN_EMAIL, password: "administrator" }),
      /ADMIN_PASSWORD is easily guessed/,
    );
  });
});
