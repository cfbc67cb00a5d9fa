import { type LookupAddress, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** The part of IPv6 that IANA gives out for the public internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/** Thrown by the guarded look-up; `code` travels through Node's connection errors. */
export class AddressNotAllowedError extends Error {
  readonly code = "EADDRNOTALLOWED";
}

/**
 * Whether an address belongs to the public internet. Private, loopback, link-local, carrier-grade NAT, multicast,
 * reserved, mapped, translated and tunnelled ones do not. Ranges: the IANA special-purpose address registries.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_UNICAST);
}

export function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

/**
 * A resolver for one connection that fails unless every address of the name is allowed, so that the address that
 * was checked is the address that is connected to (no DNS rebinding).
 */
export function guardedLookup(
  isAllowed: (address: string) => boolean,
  resolve: LookupFunction = systemLookup as LookupFunction,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [], 0);
      const addresses = found as LookupAddress[];
      if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(
          new AddressNotAllowedError("The name leads to an address that is not public."),
          [],
          0,
        );
      }
      if (options.all) return callback(null, addresses, 0);
      callback(null, addresses[0].address, addresses[0].family);
    });
  };
}
