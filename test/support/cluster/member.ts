import { randomBytes } from "node:crypto";
import type { SignedIn } from "../../../server/contract/account.ts";

/** The first administrator of a cluster; production refuses passwords of examples. */
export const ADMIN = { email: "admin@example.com", password: randomBytes(18).toString("base64url") };

/** Somebody with a session or a key, who may ask any of several servers. */
export interface Member {
  headers: { Authorization: string };
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** The body of a 2xx; throws what else was said. */
  json<T>(url: string, init?: RequestInit): Promise<T>;
}

export function memberWith(token: string): Member {
  const headers = { Authorization: `Bearer ${token}` };
  const ask = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } });
  return {
    headers,
    fetch: ask,
    async json<T>(url: string, init?: RequestInit): Promise<T> {
      const response = await ask(url, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${url} was answered with ${response.status}: ${text}`);
      return (text ? JSON.parse(text) : null) as T;
    },
  };
}

/** The administrator, signed in at this server. */
export async function signInAt(origin: string): Promise<Member & Required<SignedIn>> {
  const response = await fetch(`${origin}/api/v1/auth/login`, sendJson("POST", { ...ADMIN, tokens: true }));
  if (!response.ok)
    throw new Error(`The sign-in was answered with ${response.status}: ${await response.text()}`);
  const session = (await response.json()) as Required<SignedIn>;
  return { ...session, ...memberWith(session.accessToken) };
}

export const sendJson = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** A program's key of the administrator, which outlives sessions. */
export async function makeKey(origin: string): Promise<Member> {
  const admin = await signInAt(origin);
  const body = { name: "Load", scopes: ["read", "write"] };
  const { key } = await admin.json<{ key: string }>(`${origin}/api/v1/api-keys`, sendJson("POST", body));
  return memberWith(key);
}
