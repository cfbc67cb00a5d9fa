import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  ADMIN_EMAIL,
  type Member,
  makeMember,
  sendJson,
  signIn,
  startAccountsApp,
} from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { type MailServer, startMailServer, tokenIn } from "../support/mail-server.ts";

const PUBLIC_URL = "http://3d.example.com";
const FROM = "3d@example.com";
const PASSWORD = "seven blue herons walking";
const NEW_PASSWORD = "eight green herons flying";

let mail: MailServer;
let app: TestApp;
let admin: Member;
before(async () => {
  mail = await startMailServer();
  const env = { SMTP_URL: mail.url, MAIL_FROM: FROM, PUBLIC_URL, REGISTRATION: "open" };
  app = await startAccountsApp({ env });
  admin = await signIn(app);
});
after(async () => {
  await app.dispose();
});

const auth = (path: string, body: object, headers = {}) =>
  sendJson(app, "POST", `/api/v1/auth/${path}`, body, headers);
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const login = (email: string, password: string) => auth("login", { email, password });
const bodyOf = async (response: Response) => ({
  status: response.status,
  body: await response.json(),
  names: [...response.headers.keys()].sort(),
});

describe("an open registration", () => {
  it("becomes an account with the link in the letter, and not before", async () => {
    const answer = await auth("register", { email: "nina@example.com", password: PASSWORD, name: "Nina" });
    assert.equal(answer.status, 202);
    assert.deepEqual(await answer.json(), { next: "check-mail" });
    const letter = await mail.letterTo("nina@example.com");
    assert.equal(letter.from?.address, FROM);
    assert.equal(letter.subject, "Confirm your e-mail address");
    assert.ok(letter.text?.includes(`${PUBLIC_URL}/verify#`));
    assert.ok(!letter.text?.includes("Nina"), "nothing that a stranger typed is sent on");
    assert.equal(await codeOf(await login("nina@example.com", PASSWORD)), "sign-in-failed");
    const token = tokenIn(letter, "verify");
    const verified = await auth("verify", { token });
    assert.deepEqual(await verified.json(), { email: "nina@example.com" });
    assert.equal((await login("nina@example.com", PASSWORD)).status, 200);
    assert.equal(await codeOf(await auth("verify", { token })), "link-not-valid");
  });

  it("tells nobody whether an address has an account: its owner gets a letter", async () => {
    const fresh = await bodyOf(await auth("register", { email: "fresh@example.com", password: PASSWORD }));
    const known = await bodyOf(await auth("register", { email: ADMIN_EMAIL, password: PASSWORD }));
    assert.deepEqual(known, fresh);
    assert.equal((await mail.letterTo(ADMIN_EMAIL)).subject, "You have an account already");
    assert.equal((await mail.letterTo("fresh@example.com")).subject, "Confirm your e-mail address");
  });

  it("of one address by two people goes to whoever opens a letter, with the password of that letter", async () => {
    await auth("register", { email: "shared@example.com", password: PASSWORD });
    const first = await mail.letterTo("shared@example.com");
    await auth("register", { email: "shared@example.com", password: NEW_PASSWORD });
    const second = await mail.letterTo("shared@example.com");
    assert.equal((await auth("verify", { token: tokenIn(first, "verify") })).status, 200);
    assert.equal(await codeOf(await auth("verify", { token: tokenIn(second, "verify") })), "link-not-valid");
    assert.equal((await login("shared@example.com", PASSWORD)).status, 200);
    assert.equal(await codeOf(await login("shared@example.com", NEW_PASSWORD)), "sign-in-failed");
  });

  it("is answered and written to in the reader's language", async () => {
    const russian = { "Accept-Language": "ru" };
    await auth("register", { email: "oleg@example.com", password: PASSWORD }, russian);
    assert.equal((await mail.letterTo("oleg@example.com")).subject, "Подтвердите адрес почты");
  });
});

describe("a forgotten password", () => {
  it("is replaced once by the link in the letter, and all sessions end", async () => {
    const member = await makeMember(app);
    assert.equal((await auth("forgot", { email: member.email })).status, 202);
    const token = tokenIn(await mail.letterTo(member.email), "reset");
    assert.equal(await codeOf(await auth("reset", { token, password: "password1234" })), "password-too-weak");
    assert.equal((await auth("reset", { token, password: NEW_PASSWORD })).status, 204);
    assert.equal((await member.request("/api/v1/auth/me")).status, 401);
    assert.equal(await codeOf(await login(member.email, member.password)), "sign-in-failed");
    assert.equal((await login(member.email, NEW_PASSWORD)).status, 200);
    assert.equal(await codeOf(await auth("reset", { token, password: PASSWORD })), "link-not-valid");
    assert.equal((await mail.letterTo(member.email)).subject, "Your password was changed");
  });

  it("of an address that nobody has is answered the same, and no letter goes out", async () => {
    const member = await makeMember(app);
    const known = await bodyOf(await auth("forgot", { email: member.email }));
    const unknown = await bodyOf(await auth("forgot", { email: "nobody@example.com" }));
    assert.deepEqual(unknown, known);
    assert.equal(known.status, 202);
    await mail.letterTo(member.email);
    await auth("forgot", { email: member.email });
    await mail.letterTo(member.email);
    assert.ok(!mail.letters.some(({ recipients }) => recipients.includes("nobody@example.com")));
  });

  it("can't be replaced by a link that is over, of another kind, or older than a change", async () => {
    const member = await makeMember(app);
    const ask = async () => {
      await auth("forgot", { email: member.email });
      return tokenIn(await mail.letterTo(member.email), "reset");
    };
    const old = await ask();
    assert.equal(await codeOf(await auth("verify", { token: old })), "link-not-valid");
    const change = { currentPassword: member.password, newPassword: NEW_PASSWORD };
    assert.equal((await member.send("POST", "/api/v1/auth/password", change)).status, 204);
    assert.equal(await codeOf(await auth("reset", { token: old, password: PASSWORD })), "link-not-valid");
    await mail.letterTo(member.email);
    const expired = await ask();
    await app.context.records.OneTimeToken.update(
      { expiresAt: new Date(Date.now() - 1000) },
      { where: { userId: member.userId } },
    );
    assert.equal(await codeOf(await auth("reset", { token: expired, password: PASSWORD })), "link-not-valid");
  });
});

describe("one's own account", () => {
  it("has a new address once the letter to it is opened; the old one is told", async () => {
    const member = await makeMember(app);
    const patch = (body: object) => member.send("PATCH", "/api/v1/auth/me", body);
    const email = "moved@example.com";
    assert.equal(await codeOf(await patch({ email })), "password-wrong");
    assert.equal(
      await codeOf(await patch({ email, currentPassword: "not this password" })),
      "password-wrong",
    );
    const answer = await (await patch({ email, currentPassword: member.password })).json();
    assert.deepEqual([answer.email, answer.pendingEmail], [member.email, email]);
    const token = tokenIn(await mail.letterTo(email), "verify");
    assert.equal((await auth("verify", { token })).status, 200);
    assert.equal((await (await member.request("/api/v1/auth/me")).json()).email, email);
    assert.match((await mail.letterTo(member.email)).text ?? "", /moved@example\.com/);
    assert.equal((await login(email, member.password)).status, 200);
  });

  it("takes no address of another, and does not say that it is one", async () => {
    const member = await makeMember(app);
    const body = { email: ADMIN_EMAIL, currentPassword: member.password };
    const answer = await (await member.send("PATCH", "/api/v1/auth/me", body)).json();
    assert.deepEqual([answer.email, answer.pendingEmail], [member.email, ADMIN_EMAIL]);
    assert.equal((await (await member.request("/api/v1/auth/me")).json()).email, member.email);
  });
});

describe("an invitation for an address", () => {
  it("is sent there in the administrator's language", async () => {
    const body = { email: "guest@example.com", role: "user" };
    const answer = await admin.send("POST", "/api/v1/invitations", body);
    const { url, mailed } = await answer.json();
    assert.equal(mailed, true);
    const letter = await mail.letterTo("guest@example.com");
    assert.ok(letter.text?.includes(url));
    const invitation = tokenIn(letter, "invite");
    const person = { invitation, email: "guest@example.com", password: PASSWORD };
    assert.equal((await auth("register", person)).status, 201);
  });
});

describe("a mail server that is away", () => {
  it("costs the letter alone: the answer is the same, and the log says what to check", async () => {
    const member = await makeMember(app);
    await mail.dispose();
    assert.equal((await auth("forgot", { email: member.email })).status, 202);
    await app.dispose();
    const line = app.lines.find(({ level }) => level === "error");
    assert.match(String(line?.message), /could not be sent.*SMTP_URL/);
  });
});
