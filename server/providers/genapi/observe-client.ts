import type { GenapiClient } from "./client.ts";
import { faultOf } from "./fault.ts";

/** One request to GenAPI as monitoring sees it. */
interface ObservedExchange {
  operation: "create" | "poll" | "balance";
  /** `ok`, a fault of the retry table, or `aborted` where the process stopped waiting. */
  result: NonNullable<ReturnType<typeof faultOf>> | "ok" | "aborted";
  seconds: number;
}

export type ObserveExchange = (exchange: ObservedExchange) => void;

const operationOf = ({ method, path }: Parameters<GenapiClient>[0]): ObservedExchange["operation"] =>
  method === "POST" ? "create" : path.startsWith("/request/") ? "poll" : "balance";

/** The same client, which tells how each exchange ended and how long it took. */
export const observeClient =
  (client: GenapiClient, observe: ObserveExchange = () => {}): GenapiClient =>
  async (request, signal) => {
    const startedAt = performance.now();
    let result: ObservedExchange["result"] = "aborted";
    try {
      const exchange = await client(request, signal);
      result = faultOf(exchange) ?? "ok";
      return exchange;
    } finally {
      const seconds = (performance.now() - startedAt) / 1000;
      observe({ operation: operationOf(request), result, seconds });
    }
  };
