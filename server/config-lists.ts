import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { origin } from "./settings.ts";

/** The parts of a text with commas. */
export const list = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

/** Whether it names fewer than everyone. */
const hasPrefix = (cidr: string) => ipaddr.isValidCIDR(cidr) && ipaddr.parseCIDR(cidr)[1] > 0;

/** Hops, or subnets. */
export function parseTrustProxy(text: string): number | string[] {
  if (/^\d$/.test(text)) return Number(text);
  const subnets = list(text);
  for (const subnet of subnets) {
    const isAddress = isIP(subnet.replace(/\/.*$/, "")) !== 0;
    const isSubnet = isAddress && (!subnet.includes("/") || hasPrefix(subnet));
    if (!isSubnet && !["loopback", "linklocal", "uniquelocal"].includes(subnet)) {
      throw new Error(
        `TRUST_PROXY must be a number of hops (0 to 9) or a list of subnets that is not everyone, not "${text}".`,
      );
    }
  }
  return subnets;
}

/** One price: what it is for, and roubles. */
export function parsePrice(text: string): [string, number] {
  const [, key, roubles] =
    /^([a-z0-9][a-z0-9.-]*(?:\/(?:draft|standard|high))?)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (!key) {
    throw new Error(
      `GENAPI_PRICES must list prices in roubles such as trellis=17 or trellis/high=40, separated by commas, not "${text}".`,
    );
  }
  return [key, Number(roubles)];
}

/** One origin as browsers write it. */
export function parseCorsOrigin(text: string): string {
  const parsed = origin.safeParse(text);
  if (!parsed.success) {
    throw new Error(
      `CORS_ORIGIN must list origins such as https://shop.example, separated by commas, not "${text}".`,
    );
  }
  return parsed.data;
}
