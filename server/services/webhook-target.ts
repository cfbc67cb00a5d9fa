import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { guardedLookup, isPublicAddress } from "../assets/address-guard.ts";
import { AppError } from "../errors.ts";

export interface WebhookTargetRules {
  /** Receivers of the own network: `host` for exactly that one, `.suffix` for everything below it. */
  allowedHosts: readonly string[];
  /** Resolver of host names; default the system's. */
  lookup?: LookupFunction;
}

/** A checked address, and the resolver to connect with: a name that leads elsewhere by then is refused again. */
export interface WebhookTarget {
  url: URL;
  lookup: LookupFunction;
}

/**
 * The rules for an address of a receiver: https, no user name, and no address in place of a name unless it is public.
 * Hosts of the list may be anywhere, also over http. Throws AppError `webhook-url-not-allowed`.
 */
export function checkWebhookTarget(address: string, rules: WebhookTargetRules): WebhookTarget {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol))
    throw notAllowed("it is not a web address", "это не веб-адрес");
  if (url.username || url.password) throw notAllowed("it carries a user name", "в нём есть имя пользователя");
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const resolve = rules.lookup ?? (systemLookup as LookupFunction);
  if (isListed(host, rules.allowedHosts)) return { url, lookup: resolve };
  if (url.protocol !== "https:") throw notAllowed("it is not https", "это не https");
  const isLocalName = host === "localhost" || host.endsWith(".localhost");
  if (isLocalName || (ipaddr.isValid(host) && !isPublicAddress(host))) throw notPublic();
  return { url, lookup: guardedLookup(isPublicAddress, resolve) };
}

/**
 * The same, and where the name can be resolved now, every address of it must be allowed. What can't be resolved
 * passes: it may not exist yet, and each attempt checks again. Throws AppError `webhook-url-not-allowed`.
 */
export async function checkNewWebhookUrl(address: string, rules: WebhookTargetRules): Promise<void> {
  const { url, lookup } = checkWebhookTarget(address, rules);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host)) return;
  await new Promise<void>((resolve, reject) => {
    lookup(host, { all: true }, (error) =>
      error?.code === "EADDRNOTALLOWED" ? reject(notPublic()) : resolve(),
    );
  });
}

function isListed(host: string, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((entry) => {
    const allowed = entry.toLowerCase().replace(/^\[|\]$/g, "");
    return allowed.startsWith(".") ? host.endsWith(allowed) && host !== allowed : host === allowed;
  });
}

const notPublic = () =>
  notAllowed(
    "it leads into a private network or to this server",
    "он ведёт в частную сеть или на этот сервер",
  );

function notAllowed(en: string, ru: string): AppError {
  return new AppError("webhook-url-not-allowed", {
    detail: {
      en: `Nothing can be sent to this address: ${en}.`,
      ru: `На этот адрес нельзя отправлять: ${ru}.`,
    },
  });
}
