import { isIP } from "node:net";
import type { Request } from "express";
import ipaddr from "ipaddr.js";
import type { Reach } from "../contract/share.ts";

/** Where the product is reached from outside: the setting, else what the request was addressed to. */
export const originOf = (request: Request, publicUrl: string | null): string =>
  publicUrl ?? `${request.protocol}://${request.host}`;

const THIS_COMPUTER = /^(.+\.)?localhost$/;
/** Names that the public DNS doesn't have: RFC 6762, RFC 8375, and the custom of home routers and firms. */
const PRIVATE_NAME = /^[^.]+$|\.(local|lan|internal|home\.arpa)$/;

/** Who can open an address, judged by its host alone. */
export function reachOf(origin: string): Reach {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host)) {
    const range = ipaddr.process(host).range();
    if (range === "loopback" || range === "unspecified") return "local";
    return range === "unicast" ? "public" : "network";
  }
  if (THIS_COMPUTER.test(host)) return "local";
  return PRIVATE_NAME.test(host) ? "network" : "public";
}
