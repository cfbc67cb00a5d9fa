import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { type Member, makeMember, sendJson, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";

let app: TestApp;
let admin: Member;
before(async () => {
  app = await startAccountsApp({ env: { REGISTRATION: "open" } });
  admin = await signIn(app);
});
after(() => app.dispose());

const USERS = "/api/v1/users";
const ME = "/api/v1/auth/me";
const PASSWORD = "seven blue herons walking";
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const change = (id: string, body: object, by = admin) => by.send("PATCH", `${USERS}/${id}`, body);
const statusFor = async (member: Member) => (await member.request(ME)).status;

describe("a member", () => {
  it("is listed, found and read by administrators, page by page", async () => {
    const [nina] = await Promise.all([
      makeMember(app, "user", "nina_k@example.com"),
      makeMember(app, "viewer"),
    ]);
    const first = await (await admin.request(`${USERS}?limit=1&total=true`)).json();
    assert.equal(first.items.length, 1);
    assert.equal(first.total, await app.context.records.User.count());
    const second = await (await admin.request(`${USERS}?limit=1&cursor=${first.nextCursor}`)).json();
    assert.notEqual(second.items[0].id, first.items[0].id);
    const ids = async (q: string) =>
      (await (await admin.request(`${USERS}?q=${encodeURIComponent(q)}`)).json()).items.map(
        ({ id }: { id: string }) => id,
      );
    assert.deepEqual(await ids("NINA_"), [nina.userId]);
    assert.deepEqual(await ids("nina%k"), [], "signs of patterns are letters");
    assert.equal((await (await admin.request(`${USERS}/${nina.userId}`)).json()).email, "nina_k@example.com");
    assert.equal((await nina.request(USERS)).status, 403);
  });

  it("has a new role with the next request", async () => {
    const member = await makeMember(app);
    assert.equal((await change(member.userId, { role: "admin" })).status, 200);
    assert.equal((await member.request(USERS)).status, 200);
    assert.equal((await change(member.userId, { role: "viewer" })).status, 200);
    assert.equal((await member.request(USERS)).status, 403);
    assert.equal((await (await member.request(ME)).json()).role, "viewer");
  });

  it("who is disabled is out at once, and comes back only by signing in anew", async () => {
    const member = await makeMember(app);
    const { disabledAt } = await (await change(member.userId, { disabled: true })).json();
    assert.ok(disabledAt);
    assert.equal(await statusFor(member), 401);
    const { refreshToken, email, password } = member;
    const refreshed = await sendJson(app, "POST", "/api/v1/auth/refresh", { refreshToken, tokens: true });
    assert.equal(refreshed.status, 401);
    const login = (body: object) => sendJson(app, "POST", "/api/v1/auth/login", body);
    assert.equal(await codeOf(await login({ email, password })), "account-disabled");
    assert.equal(await codeOf(await login({ email, password: "not the password" })), "sign-in-failed");
    assert.equal((await change(member.userId, { disabled: false })).status, 200);
    assert.equal(await statusFor(member), 401);
    assert.equal((await login({ email, password })).status, 200);
  });

  it("who is deleted is out at once, and the address is free again", async () => {
    const member = await makeMember(app);
    assert.equal((await admin.send("DELETE", `${USERS}/${member.userId}`)).status, 204);
    assert.equal(await statusFor(member), 401);
    assert.equal((await admin.request(`${USERS}/${member.userId}`)).status, 404);
    assert.equal((await makeMember(app, "user", member.email)).email, member.email);
  });

  it("changes the password, and every other session ends", async () => {
    const member = await makeMember(app);
    const elsewhere = await signIn(app, member.email, member.password);
    const send = (body: object) => member.send("POST", "/api/v1/auth/password", body);
    const wrong = await send({ currentPassword: "not the password", newPassword: PASSWORD });
    assert.equal(await codeOf(wrong), "password-wrong");
    const right = await send({ currentPassword: member.password, newPassword: PASSWORD });
    assert.equal(right.status, 204);
    assert.equal(await statusFor(member), 200);
    assert.equal(await statusFor(elsewhere), 401);
    assert.ok((await signIn(app, member.email, PASSWORD)).accessToken);
  });

  it("gets a hash of today's parameters with the next sign-in", async () => {
    const { hash } = await import("@node-rs/argon2");
    const member = await makeMember(app);
    const { User } = app.context.records;
    const passwordHash = await hash(member.password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await User.update({ passwordHash }, { where: { id: member.userId } });
    await signIn(app, member.email, member.password);
    const kept = await User.unscoped().findByPk(member.userId, { rejectOnEmpty: true });
    assert.match(kept.passwordHash ?? "", /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe("without a mail server", () => {
  it("an administrator passes on a link for a new password, good once", async () => {
    const member = await makeMember(app);
    const forgot = await sendJson(app, "POST", "/api/v1/auth/forgot", { email: member.email });
    assert.deepEqual(await forgot.json(), { next: "ask-administrator" });
    const made = await admin.send("POST", `${USERS}/${member.userId}/reset-link`);
    assert.equal(made.status, 201);
    const { url } = await made.json();
    assert.match(url, /\/reset#[\w-]{43}$/);
    const token = new URL(url).hash.slice(1);
    const reset = () => sendJson(app, "POST", "/api/v1/auth/reset", { token, password: PASSWORD });
    const statuses = (await Promise.all([reset(), reset(), reset()])).map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [204, 410, 410]);
    assert.equal(await statusFor(member), 401);
    assert.ok((await signIn(app, member.email, PASSWORD)).accessToken);
  });

  it("an open registration is an account at once, and answers the same for an address that is taken", async () => {
    const register = async (email: string) => {
      const answer = await sendJson(app, "POST", "/api/v1/auth/register", { email, password: PASSWORD });
      return { status: answer.status, body: await answer.json(), names: [...answer.headers.keys()].sort() };
    };
    const fresh = await register("fresh@example.com");
    assert.deepEqual(fresh.body, { next: "sign-in" });
    assert.equal((await signIn(app, "fresh@example.com", PASSWORD)).email, "fresh@example.com");
    const member = await makeMember(app);
    assert.deepEqual(await register(member.email), fresh);
    assert.ok((await signIn(app, member.email, member.password)).accessToken, "the password is its owner's");
  });

  it("an own address changes at once, unless somebody has it", async () => {
    const member = await makeMember(app);
    const patch = (email: string) => member.send("PATCH", ME, { email, currentPassword: member.password });
    assert.equal((await (await patch("new-place@example.com")).json()).email, "new-place@example.com");
    assert.equal(await codeOf(await patch(admin.email)), "email-taken");
  });
});

describe("the command line of the server", () => {
  const run = promisify(execFile);
  const script = path.resolve(import.meta.dirname, "../../server/services/accounts/reset-link-cli.ts");
  const resetLink = (...args: string[]) => {
    const { config } = app;
    assert.ok(config.database.kind === "url");
    const env = {
      ...process.env,
      DATABASE_URL: config.database.url,
      DATA_DIR: config.dataFolder,
      AUTH: "on",
    };
    return run(process.execPath, [script, ...args], { env });
  };

  it("makes a link for a new password, where no administrator can", async () => {
    const member = await makeMember(app, "admin");
    const { stdout } = await resetLink(member.email.toUpperCase());
    const token = /http:\/\/localhost:3001\/reset#([\w-]{43})/.exec(stdout)?.[1];
    const answer = await sendJson(app, "POST", "/api/v1/auth/reset", { token, password: PASSWORD });
    assert.equal(answer.status, 204);
    assert.ok((await signIn(app, member.email, PASSWORD)).accessToken);
    await assert.rejects(resetLink("nobody@example.com"), { code: 1, stderr: /Nobody here has the address/ });
    await app.context.records.User.update({ role: "user" }, { where: { id: member.userId } });
  });
});

describe("the last administrator", () => {
  it("can be neither demoted, disabled nor deleted, whoever asks and however many at once", async () => {
    for (const body of [{ role: "user" }, { role: "viewer" }, { disabled: true }]) {
      assert.equal(await codeOf(await change(admin.userId, body)), "last-admin", JSON.stringify(body));
    }
    assert.equal(await codeOf(await admin.send("DELETE", `${USERS}/${admin.userId}`)), "last-admin");
    const other = await makeMember(app, "admin");
    const answers = await Promise.all([
      change(admin.userId, { role: "user" }, other),
      change(other.userId, { disabled: true }, admin),
      change(admin.userId, { disabled: true }, other),
      change(other.userId, { role: "viewer" }, admin),
    ]);
    const { User } = app.context.records;
    const left = await User.count({ where: { role: "admin", disabledAt: null } });
    assert.equal(left, 1, answers.map(({ status }) => status).join());
  });
});
