import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Role } from "../../server/contract/access.ts";
import type { SignedIn } from "../../server/contract/account.ts";
import { startTestApp, type TestApp } from "./app.ts";

export const ADMIN_EMAIL = "admin@example.com";
export const ADMIN_PASSWORD = "correct horse battery staple";

/** The product with accounts, and its first administrator. */
export const startAccountsApp = (options: Parameters<typeof startTestApp>[0] = {}) =>
  startTestApp({ ...options, env: { AUTH: "on", ADMIN_EMAIL, ADMIN_PASSWORD, ...options.env } });

/** Somebody with a session, as a program has it: `request` is the app's, with the access token. */
export interface Member {
  userId: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  headers: { Authorization: string };
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A request with a JSON body. */
  send(method: string, path: string, body?: unknown): Promise<Response>;
}

/** A JSON request without any credential. */
export const sendJson = (app: TestApp, method: string, path: string, body?: unknown, headers = {}) =>
  app.request(path, {
    method,
    headers: { ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

export async function signIn(app: TestApp, email = ADMIN_EMAIL, password = ADMIN_PASSWORD): Promise<Member> {
  const answer = await sendJson(app, "POST", "/api/v1/auth/login", { email, password, tokens: true });
  assert.equal(answer.status, 200, await answer.clone().text());
  const { user, accessToken, refreshToken } = (await answer.json()) as Required<SignedIn>;
  const headers = { Authorization: `Bearer ${accessToken}` };
  return {
    userId: user.id,
    email,
    password,
    accessToken,
    refreshToken,
    headers,
    request: (path, init) =>
      app.request(path, { ...init, headers: { ...headers, ...(init?.headers as Record<string, string>) } }),
    send: (method, path, body) => sendJson(app, method, path, body, headers),
  };
}

/** A new member with this role, signed in. Make them once for a file: each costs two hashes of a password. */
export async function makeMember(app: TestApp, role: Role = "user", email?: string): Promise<Member> {
  const address = email ?? `${role}-${randomBytes(4).toString("hex")}@example.com`;
  const password = `a passphrase of ${role} ${randomBytes(6).toString("hex")}`;
  const { records, passwords } = app.context.accounts;
  const passwordHash = await passwords.hash(password);
  await records.User.create({ id: newId(), email: address, role, passwordHash });
  return signIn(app, address, password);
}
