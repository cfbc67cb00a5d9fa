import { isIP } from "node:net";
import type { Request, Response } from "express";
import ipaddr from "ipaddr.js";
import type { Actor } from "../services/audit.ts";

/** Where a request comes from, as far as TRUST_PROXY lets its headers tell; null for what is no address. */
export function addressOf({ ip = "" }: Request): string | null {
  const address = ip.replace(/%.*$/, "");
  return isIP(address) ? ipaddr.process(address).toString() : null;
}

/** Who makes a request and from where, for the audit log. On a public route nobody is known yet. */
export const actorOf = (request: Request, response: Response): Actor => ({
  caller: response.locals.caller ?? null,
  requestId: response.locals.requestId,
  address: addressOf(request),
  userAgent: request.get("user-agent")?.slice(0, 500) ?? null,
});
