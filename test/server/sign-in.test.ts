import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { SignedIn } from "../../server/contract/account.ts";
import {
  ADMIN_EMAIL,
  ADMIN_PASSWORD,
  makeMember,
  sendJson,
  signIn,
  startAccountsApp,
} from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";

let app: TestApp;
before(async () => {
  app = await startAccountsApp();
});
after(() => app.dispose());

const ME = "/api/v1/auth/me";
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const login = (body: object) => sendJson(app, "POST", "/api/v1/auth/login", body);
const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((text) => text.split(";")[0])
    .join("; ");

describe("signing in", () => {
  it("opens the API with a bearer token, and nothing without", async () => {
    const admin = await signIn(app);
    const me = await (await admin.request(ME)).json();
    assert.equal(me.email, ADMIN_EMAIL);
    assert.equal(me.role, "admin");
    assert.equal((await admin.request("/api/v1/models")).status, 200);
    const refused = await app.request("/api/v1/models");
    assert.equal(refused.status, 401);
    assert.equal(await codeOf(refused), "sign-in-required");
  });

  it("answers a page with cookies that scripts can't read, and no token", async () => {
    const answer = await login({ email: ADMIN_EMAIL.toUpperCase(), password: ADMIN_PASSWORD });
    assert.equal(answer.status, 200);
    const { user, ...rest } = (await answer.clone().json()) as SignedIn;
    assert.equal(user.email, ADMIN_EMAIL);
    assert.deepEqual(rest, { expiresInSeconds: 900 });
    const cookies = answer.headers.getSetCookie();
    assert.equal(cookies.length, 2);
    for (const cookie of cookies) {
      assert.match(cookie, /^p3d_(access|refresh)=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    }
    assert.equal((await app.request(ME, { headers: { cookie: cookiesOf(answer) } })).status, 200);
  });

  it("says the same to a wrong password and an unknown address, and records both alike", async () => {
    const member = await makeMember(app);
    const { AuditEntry } = app.context.records;
    const seen = [];
    for (const email of [member.email, "nobody@example.com"]) {
      const answer = await login({ email, password: "not the right password" });
      const { requestId: _, ...problem } = await answer.json();
      const entry = await AuditEntry.findOne({
        where: { action: "auth.sign-in-failed" },
        order: [["id", "DESC"]],
        rejectOnEmpty: true,
      });
      assert.deepEqual(entry.details, { email });
      const { id: _id, createdAt: _at, requestId: _r, details: _d, ...record } = entry.get();
      seen.push({ status: answer.status, problem, record, names: [...answer.headers.keys()].sort() });
    }
    assert.deepEqual(seen[0], seen[1]);
    assert.equal(seen[0].status, 401);
  });

  it("is described in openapi.json, for each route as its access says", async () => {
    const { paths, components } = await (await app.request("/openapi.json")).json();
    const ways = (path: string, method = "get") =>
      paths[path][method].security.flatMap((way: object) => Object.keys(way));
    assert.deepEqual(ways("/api/v1/auth/login", "post"), []);
    assert.deepEqual(ways("/api/v1/models"), ["apiKey", "accessToken", "session"]);
    assert.deepEqual(ways("/api/v1/auth/sessions"), ["accessToken", "session"]);
    assert.deepEqual(ways("/metrics"), ["operations", "apiKey", "accessToken", "session"]);
    const known = Object.keys(components.securitySchemes);
    assert.ok(ways("/metrics").every((name: string) => known.includes(name)));
  });
});
