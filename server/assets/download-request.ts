import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { guardedLookup, isLoopbackAddress, isPublicAddress } from "./address-guard.ts";
import { gone, unreachable } from "./download-errors.ts";
import { checkTarget } from "./download-target.ts";

export interface RequestRules {
  /** `host` for exactly that one, `.suffix` for everything below it. */
  allowedHosts: readonly string[];
  /** Lets http and loopback addresses through (still only allowed hosts): for a fake service on this machine. */
  allowInsecureLoopback?: boolean;
  /** Resolver of host names; default the system's. */
  lookup?: LookupFunction;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];
const GONE = [401, 403, 404, 410];

/**
 * Asks an address that somebody else chose, following redirects by hand: every hop is checked as the first one, and
 * so is the address that its name leads to. Answers 200, 206, 412 and 416 come back with their body unread.
 * Throws AppError `result-not-allowed`, `result-unreachable` (AddressGone where the address expired), and what sockets throw.
 */
export async function requestGuarded(
  url: string,
  rules: RequestRules,
  headersOf: (target: URL) => Record<string, string>,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; target: URL }> {
  let target = checkTarget(url, rules);
  for (let hops = 0; ; hops++) {
    const response = await request(target, rules, headersOf(target), signal);
    const status = response.statusCode ?? 0;
    if ([200, 206, 412, 416].includes(status)) return { response, target };
    response.destroy();
    const { location } = response.headers;
    if (GONE.includes(status)) throw gone(status);
    if (!REDIRECTS.includes(status) || !location)
      throw unreachable(`answered ${status}`, `ответил ${status}`);
    if (hops === MAX_REDIRECTS) throw unreachable("redirects in circles", "переадресует по кругу");
    target = checkTarget(location, rules, target);
  }
}

function request(
  target: URL,
  rules: RequestRules,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isAllowed = (address: string) =>
    isPublicAddress(address) || (rules.allowInsecureLoopback === true && isLoopbackAddress(address));
  const transport = target.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    transport
      .get(target, {
        agent: false,
        lookup: guardedLookup(isAllowed, rules.lookup),
        headers: { Accept: "*/*", "Accept-Encoding": "identity", ...headers },
        signal,
      })
      .once("response", resolve)
      .on("error", reject);
  });
}
