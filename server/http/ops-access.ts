import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { Request } from "express";
import ipaddr from "ipaddr.js";
import type { Config } from "../config.ts";

/** Headers of a proxy: whoever asked through one is not on this machine, though the connection is. */
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

const isLoopback = (address: string) => isIP(address) !== 0 && ipaddr.process(address).range() === "loopback";

const isLocalName = (host: string) => host === "localhost" || isLoopback(host.replace(/^\[|\]$/g, ""));

/** A program or a person on this very machine, addressing it as such. */
export const isFromThisMachine = (request: Request) =>
  isLoopback(request.socket.remoteAddress ?? "") &&
  isLocalName(request.hostname ?? "") &&
  PROXY_HEADERS.every((name) => request.get(name) === undefined);

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** In a time that tells nothing about the token. */
const isToken = (given: string, token: string) => timingSafeEqual(sha256(given), sha256(token));

/**
 * Whether an operator's program asks: one with `Authorization: Bearer OPS_TOKEN`, or, while the product runs without
 * sign-in for this machine alone, any on this machine. A wrong token never passes.
 */
export function isOperator(
  { opsToken, access }: Pick<Config, "opsToken" | "access">,
  request: Request,
): boolean {
  const authorization = request.get("authorization");
  const given = authorization?.match(/^bearer +(\S+) *$/i)?.[1];
  if (given && opsToken && isToken(given, opsToken)) return true;
  return authorization === undefined && access.kind === "localhost" && isFromThisMachine(request);
}
