import { hasCode } from "../system-errors.ts";

/** Names that only some networks know, and what to do outside of them. */
const INNER_NAMES: readonly { name: RegExp; of: string; cure: string }[] = [
  {
    name: /\.railway\.internal$/,
    of: "of Railway's private network, which only services of the same project and environment know",
    cure: "Outside of Railway use the public address: DATABASE_PUBLIC_URL (or REDIS_PUBLIC_URL) of the service there.",
  },
  {
    name: /\.(internal|local|lan|localdomain)$|\.svc(\.cluster\.local)?$|\.flycast$/,
    of: "of a private network, which this machine does not know",
    cure: "Run this inside of that network, or use the address that the service has for others.",
  },
  {
    name: /^(?!localhost$)[^.:]+$/,
    of: "without a domain, such as docker compose gives its services; only containers of that network know it",
    cure: "On the machine itself publish the port of the service and use 127.0.0.1, or run this in a container of that network.",
  },
];

const UNKNOWN = ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME"];

/** Whether `error`, or one under it, says that a name is not known. */
export function isUnknownHost(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = (at as { parent?: unknown }).parent ?? at.cause) {
    if (UNKNOWN.some((code) => hasCode(at, code))) return true;
  }
  return false;
}

/** What to say where the host of a setting has no address here; null where the error is about something else. */
export function explainUnknownHost(
  setting: string,
  host: string,
  error: unknown,
): { message: string; cure: string } | null {
  if (!isUnknownHost(error)) return null;
  const inner = INNER_NAMES.find(({ name }) => name.test(host));
  if (inner) return { message: `${setting} names ${host}, a name ${inner.of}.`, cure: inner.cure };
  return {
    message: `${setting} names ${host}, and nobody here knows that name.`,
    cure: `Check how it is written, and whether this machine can look names up: getent hosts ${host}`,
  };
}

/** Whether an address is one of this machine or of a network that is not the internet, by its name alone. */
export function isNearby(host: string): boolean {
  if (host === "" || host.startsWith("/") || host === "localhost") return true;
  return INNER_NAMES.some(({ name }) => name.test(host));
}
