import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { Settings } from "./settings.ts";

/** `localhost`: no sign-in, and only requests that this machine addresses to itself; else people have accounts. */
export type AccessRules =
  | { kind: "localhost" }
  | { kind: "accounts"; registration: "closed" | "open"; admin: FirstAdmin | null };

interface FirstAdmin {
  email: string;
  password: string;
}

export const isLoopback = (host: string) =>
  host === "localhost" || (isIP(host) !== 0 && ipaddr.process(host).range() === "loopback");

/**
 * People sign in wherever others could reach the server: it listens on more than this machine, runs in production,
 * or has an administrator. Only a server for this machine alone works without.
 */
export function parseAccess(s: Settings, host: string): AccessRules {
  if (Boolean(s.ADMIN_EMAIL) !== Boolean(s.ADMIN_PASSWORD)) {
    throw new Error("ADMIN_EMAIL and ADMIN_PASSWORD belong together. Set both, or none of them.");
  }
  if (s.AUTH === "off" && !isLoopback(host)) {
    throw new Error(
      `AUTH is off, but HOST is ${host}, so anyone who reaches this address could use the product. ` +
        "Set HOST=127.0.0.1, or AUTH=on.",
    );
  }
  const isOn =
    s.AUTH === "on" ||
    (s.AUTH === "auto" && (!isLoopback(host) || s.NODE_ENV === "production" || s.ADMIN_EMAIL));
  if (isOn) {
    const admin =
      s.ADMIN_EMAIL && s.ADMIN_PASSWORD ? { email: s.ADMIN_EMAIL, password: s.ADMIN_PASSWORD } : null;
    return { kind: "accounts", registration: s.REGISTRATION, admin };
  }
  const needless = s.ADMIN_EMAIL ? "ADMIN_EMAIL" : s.REGISTRATION === "open" ? "REGISTRATION" : null;
  if (needless)
    throw new Error(`${needless} is set, but there is no sign-in. Set AUTH=on, or remove ${needless}.`);
  return { kind: "localhost" };
}
