import { inSpan } from "../../tracing.ts";
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

/**
 * The same client, which tells how each exchange ended and how long it took. The trace is not named to GenAPI, which
 * has no use for it.
 */
export const observeClient =
  (client: GenapiClient, observe: ObserveExchange = () => {}): GenapiClient =>
  (request, signal) => {
    const operation = operationOf(request);
    const facts = { "http.request.method": request.method };
    return inSpan(`genapi ${operation}`, { kind: "client", facts }, async (span) => {
      const startedAt = performance.now();
      let result: ObservedExchange["result"] = "aborted";
      try {
        const exchange = await client(request, signal);
        result = faultOf(exchange) ?? "ok";
        if (exchange.kind === "answer") span?.add({ "http.response.status_code": exchange.status });
        return exchange;
      } finally {
        if (result !== "ok") span?.fail(result);
        observe({ operation, result, seconds: (performance.now() - startedAt) / 1000 });
      }
    });
  };
