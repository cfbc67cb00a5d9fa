import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { literal, Op } from "sequelize";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import type { SessionList, SignedIn } from "../../server/contract/account.ts";
import { removeExpiredSignIns } from "../../server/services/accounts/remove-expired.ts";
import { type Member, makeMember, sendJson, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const SECRETS = { JWT_SECRET: "j".repeat(43), SESSION_SECRET: "s".repeat(43) };
const ME = "/api/v1/auth/me";

let database: TestDatabase;
let app: TestApp;
/** Another process on the same database, which knows nothing of what this one has in memory. */
let replica: TestApp;
let admin: Member;
before(async () => {
  database = await createTestDatabase();
  app = await startAccountsApp({ databaseUrl: database.url, env: SECRETS });
  const env = { ...SECRETS, TRUST_PROXY: "1" };
  replica = await startAccountsApp({ databaseUrl: database.url, env, uploads: app.uploads });
  admin = await signIn(app);
});
after(async () => {
  await replica.dispose();
  await app.dispose();
  await database.dispose();
});

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const refresh = (refreshToken: string, at = app) =>
  sendJson(at, "POST", "/api/v1/auth/refresh", { refreshToken, tokens: true });
const tokensOf = async (response: Response) => {
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as Required<SignedIn>;
};
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const isLetIn = async (token: string, at = app) => (await at.request(ME, bearer(token))).status === 200;

const sessionOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).sid as string;

/** Time passes for the refresh tokens of a user. */
const age = (member: Member, seconds: number) =>
  app.context.records.sequelize.query(
    `UPDATE refresh_tokens SET used_at = used_at - interval '${seconds} seconds'
      WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)`,
    { bind: [member.userId] },
  );

describe("a refresh token", () => {
  it("gives the next ones, and the old access token goes on until its end", async () => {
    const member = await makeMember(app);
    const next = await tokensOf(await refresh(member.refreshToken));
    assert.notEqual(next.refreshToken, member.refreshToken);
    assert.ok(await isLetIn(next.accessToken));
    assert.ok(await isLetIn(member.accessToken));
    assert.ok(await isLetIn((await tokensOf(await refresh(next.refreshToken, replica))).accessToken));
  });

  it("that comes again after its successor was used ends the whole session, everywhere at once", async () => {
    const member = await makeMember(app);
    const thief = await tokensOf(await refresh(member.refreshToken));
    const next = await tokensOf(await refresh(thief.refreshToken));
    assert.equal(await codeOf(await refresh(member.refreshToken, replica)), "token-invalid");
    for (const at of [app, replica]) {
      for (const { accessToken } of [member, thief, next]) assert.ok(!(await isLetIn(accessToken, at)));
    }
    assert.equal(await codeOf(await refresh(next.refreshToken)), "token-invalid");
    const [entry] = await app.context.records.AuditEntry.findAll({
      where: { action: "auth.refresh-reused" },
    });
    assert.equal(entry.subjectId, member.userId);
    assert.ok((await signIn(app, member.email, member.password)).accessToken, "others sessions are possible");
  });

  it("may be repeated where the answer was lost, and not for long", async () => {
    const member = await makeMember(app);
    await refresh(member.refreshToken);
    const again = await tokensOf(await refresh(member.refreshToken, replica));
    assert.ok(await isLetIn(again.accessToken));
    await age(member, 61);
    assert.equal(await codeOf(await refresh(member.refreshToken)), "token-invalid");
    assert.ok(!(await isLetIn(again.accessToken)));
  });

  it("serves tabs that ask at the same moment, and each goes on with what it got last", async () => {
    const member = await makeMember(app);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => refresh(member.refreshToken, index % 2 ? app : replica)),
    );
    const tabs = await Promise.all(answers.map(tokensOf));
    assert.equal(new Set(tabs.map(({ refreshToken }) => refreshToken)).size, 6);
    const next = await tokensOf(await refresh(tabs[3].refreshToken));
    assert.ok(await isLetIn(next.accessToken));
    await age(member, 61);
    assert.equal(
      await codeOf(await refresh(tabs[0].refreshToken)),
      "token-invalid",
      "a copy is not a second chain",
    );
    assert.ok(!(await isLetIn(next.accessToken)));
  });

  it("of nobody, or of a session that is over, is refused", async () => {
    const member = await makeMember(app);
    assert.equal(await codeOf(await refresh("x".repeat(43))), "token-invalid");
    assert.equal(await codeOf(await sendJson(app, "POST", "/api/v1/auth/refresh", {})), "sign-in-required");
    const { Session } = app.context.records;
    await Session.update({ expiresAt: new Date(Date.now() - 1000) }, { where: { userId: member.userId } });
    assert.equal(await codeOf(await refresh(member.refreshToken)), "token-invalid");
    assert.ok(!(await isLetIn(member.accessToken)));
  });
});

describe("signing out", () => {
  it("here ends this session alone, and a process that remembers nothing refuses it too", async () => {
    const member = await makeMember(app);
    const elsewhere = await signIn(app, member.email, member.password);
    const answer = await member.send("POST", "/api/v1/auth/logout", {});
    assert.equal(answer.status, 204);
    for (const at of [replica, app]) assert.ok(!(await isLetIn(member.accessToken, at)));
    assert.equal(await codeOf(await refresh(member.refreshToken)), "token-invalid");
    assert.ok(await isLetIn(elsewhere.accessToken));
    assert.equal((await sendJson(app, "POST", "/api/v1/auth/logout", {})).status, 204);
  });

  it("everywhere ends all of them", async () => {
    const member = await makeMember(app);
    const elsewhere = await signIn(replica, member.email, member.password);
    assert.equal((await elsewhere.send("POST", "/api/v1/auth/logout-everywhere")).status, 204);
    for (const { accessToken, refreshToken } of [member, elsewhere]) {
      for (const at of [app, replica]) assert.ok(!(await isLetIn(accessToken, at)));
      assert.equal(await codeOf(await refresh(refreshToken)), "token-invalid");
    }
  });

  it("is still known when only the list of revoked tokens says so", async () => {
    const member = await makeMember(app);
    const [{ jti }] = (
      await app.context.records.sequelize.query(
        `INSERT INTO revoked_tokens SELECT access_jti, access_expires_at FROM refresh_tokens t
         JOIN sessions s ON s.id = t.session_id AND s.user_id = '${member.userId}' RETURNING jti`,
      )
    )[0] as { jti: string }[];
    assert.ok(jti);
    for (const at of [app, replica, app]) assert.ok(!(await isLetIn(member.accessToken, at)));
  });
});

describe("the list of sessions", () => {
  it("names devices and times, and ends one of them", async () => {
    const member = await makeMember(app);
    const userAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    await sendJson(
      app,
      "POST",
      "/api/v1/auth/login",
      { email: member.email, password: member.password },
      { "User-Agent": userAgent },
    );
    const list = async () =>
      ((await (await member.request("/api/v1/auth/sessions")).json()) as z.infer<typeof SessionList>).items;
    const [page, own] = await list();
    assert.deepEqual(page.device, { browser: "Firefox", system: "Windows" });
    assert.equal(page.address, "127.0.0.1");
    assert.equal(page.current, false);
    assert.equal(own.current, true);
    assert.deepEqual(own.device, { browser: "node", system: null });
    assert.equal((await admin.send("DELETE", `/api/v1/auth/sessions/${page.id}`)).status, 404);
    assert.equal((await member.send("DELETE", `/api/v1/auth/sessions/${page.id}`)).status, 204);
    assert.deepEqual(
      (await list()).map(({ id }) => id),
      [own.id],
    );
  });
});

describe("the page's cookies", () => {
  const cookiesOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((text) => text.split(";")[0])
      .join("; ");
  const login = async (member: Member) =>
    cookiesOf(
      await sendJson(app, "POST", "/api/v1/auth/login", { email: member.email, password: member.password }),
    );

  it("change things only with the header that no other page can send", async () => {
    const member = await makeMember(app);
    const cookie = await login(member);
    const patch = (headers: object) => sendJson(app, "PATCH", ME, { name: "Nina" }, { cookie, ...headers });
    assert.equal(await codeOf(await patch({})), "requested-with-missing");
    assert.equal(
      await codeOf(await patch({ "X-Requested-With": "XMLHttpRequest" })),
      "requested-with-missing",
    );
    assert.equal((await patch({ "X-Requested-With": "photo-to-3d" })).status, 200);
    for (const path of ["refresh", "logout", "logout-everywhere"]) {
      const answer = await sendJson(app, "POST", `/api/v1/auth/${path}`, undefined, { cookie });
      assert.equal(await codeOf(answer), "requested-with-missing", path);
    }
    const foreign = { "X-Requested-With": "photo-to-3d", Origin: "https://evil.example" };
    assert.equal(await codeOf(await patch(foreign)), "cross-origin");
  });

  it("are renewed, count as expired without the access token, and go with the sign-out", async () => {
    const cookie = await login(await makeMember(app));
    const headers = { cookie, "X-Requested-With": "photo-to-3d" };
    const renewed = await sendJson(app, "POST", "/api/v1/auth/refresh", undefined, headers);
    const { accessToken, refreshToken } = await tokensOf(renewed);
    assert.deepEqual([accessToken, refreshToken], [undefined, undefined]);
    const fresh = cookiesOf(renewed);
    const onlyRefresh = fresh.split("; ").find((text) => text.startsWith("p3d_refresh"))!;
    assert.equal(await codeOf(await app.request(ME, { headers: { cookie: onlyRefresh } })), "token-expired");
    const out = await sendJson(app, "POST", "/api/v1/auth/logout", undefined, {
      ...headers,
      cookie: onlyRefresh,
    });
    assert.equal(out.status, 204);
    assert.match(cookiesOf(out), /^p3d_access=; p3d_refresh=$/);
    assert.equal((await app.request(ME, { headers: { cookie: fresh } })).status, 401);
  });

  it("that are bad are refused where somebody must be known, and ignored where nobody has to be", async () => {
    const headers = { cookie: "p3d_access=bad; p3d_refresh=bad" };
    assert.equal(await codeOf(await app.request(ME, { headers })), "token-invalid");
    assert.equal((await app.request("/api/v1/auth/state", { headers })).status, 200);
    assert.equal((await app.request("/health", { headers })).status, 200);
    const prefixed = { cookie: `__Host-p3d_access=${admin.accessToken}` };
    assert.equal(await codeOf(await app.request(ME, { headers: prefixed })), "sign-in-required");
  });

  it("over https are for https and this host only, and plain ones are not read there", async () => {
    const https = { "X-Forwarded-Proto": "https" };
    const body = { email: admin.email, password: admin.password };
    const answer = await sendJson(replica, "POST", "/api/v1/auth/login", body, https);
    for (const cookie of answer.headers.getSetCookie()) {
      assert.match(
        cookie,
        /^__Host-p3d_(access|refresh)=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
    }
    const cookie = cookiesOf(answer);
    assert.equal((await replica.request(ME, { headers: { ...https, cookie } })).status, 200);
    const plain = cookie.replaceAll("__Host-", "");
    assert.equal(
      await codeOf(await replica.request(ME, { headers: { ...https, cookie: plain } })),
      "sign-in-required",
    );
    const unmarked = await sendJson(replica, "PATCH", ME, { name: "A" }, { ...https, cookie });
    assert.equal(await codeOf(unmarked), "requested-with-missing");
  });
});

describe("what has expired", () => {
  it("is removed, and all that is still needed stays", async () => {
    const { records } = app.context;
    const member = await makeMember(app);
    const other = await signIn(app, member.email, member.password);
    const [kept, over] = [member, other].map(({ accessToken }) => sessionOf(accessToken));
    await refresh(member.refreshToken);
    const copy = await tokensOf(await refresh(member.refreshToken));
    await age(member, 8 * 86_400);
    const long = literal("now() - interval '40 days'") as never;
    await records.Session.update({ expiresAt: long }, { where: { id: over } });
    const link = { userId: member.userId, purpose: "reset-password" as const, hash: Buffer.from("gone") };
    await records.OneTimeToken.create({ ...link, expiresAt: long });
    await records.RevokedToken.create({ jti: newId(), expiresAt: long });
    await removeExpiredSignIns(records);
    assert.equal(await records.OneTimeToken.count(), 0);
    assert.equal(
      await records.RevokedToken.count({ where: { expiresAt: { [Op.lt]: literal("now()") } } }),
      0,
    );
    const sessions = await records.Session.findAll({ where: { userId: member.userId } });
    assert.deepEqual(
      sessions.map(({ id }) => id),
      [kept],
    );
    const tokens = await records.RefreshToken.findAll({ where: { sessionId: kept } });
    assert.deepEqual(
      tokens.map(({ usedAt }) => usedAt),
      [null, null],
      "used ones go after a week, with their copies",
    );
    assert.ok(await isLetIn(copy.accessToken));
    assert.equal((await refresh(copy.refreshToken)).status, 200);
  });
});
