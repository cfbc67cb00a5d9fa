import ipaddr from "ipaddr.js";

/** Whoever has an IPv6 address has 2^64 of them. Source: RFC 6177, 2 */
const IPV6_PREFIX_BITS = 64;

/** An address as far as it tells who asks. */
export function networkOf(address: string | null): string {
  if (!address || !ipaddr.isValid(address)) return "nowhere";
  if (ipaddr.parse(address).kind() === "ipv4") return address;
  return ipaddr.IPv6.networkAddressFromCIDR(`${address}/${IPV6_PREFIX_BITS}`).toString();
}
