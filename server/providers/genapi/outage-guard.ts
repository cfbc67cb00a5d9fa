import type { Exchange, GenapiClient } from "./client.ts";

/** Failed exchanges in a row that count as an outage. */
const THRESHOLD = 3;
const PROBE_SECONDS = 4;

/**
 * A circuit breaker for paid calls. A create call into an outage ends as "unknown" and needs a person; so after a
 * few failures in a row a free call has to succeed first. `client` must be used for every call, for it counts them.
 */
export function createOutageGuard(inner: GenapiClient) {
  let failures = 0;

  const client: GenapiClient = async (request, signal) => {
    const exchange = await inner(request, signal);
    failures = isFailure(exchange) ? failures + 1 : 0;
    return exchange;
  };

  return {
    client,
    /** Asks the service only when the calls before went wrong. */
    async isServiceDown(signal: AbortSignal): Promise<boolean> {
      if (failures < THRESHOLD) return false;
      return isFailure(await client({ method: "GET", path: "/user", timeoutSeconds: PROBE_SECONDS }, signal));
    },
  };
}

function isFailure(exchange: Exchange): boolean {
  if (exchange.kind !== "answer") return true;
  const { status, json } = exchange;
  return status >= 500 || (status >= 200 && status < 300 && json === undefined);
}
