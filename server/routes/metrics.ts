import type { Config } from "../config.ts";
import { requireOperator } from "../http/ops-access.ts";
import { type Route, route } from "../http/route.ts";

interface MetricsRouteDeps {
  config: Pick<Config, "opsToken" | "access">;
  metrics: { contentType: string; text(): Promise<string> };
}

export const metricsRoutes = ({ config, metrics }: MetricsRouteDeps): Route[] => [
  route({
    method: "get",
    path: "/metrics",
    tag: "Operations",
    summary: "Figures for Prometheus; needs the operator's token where others can reach the server",
    answers: { 200: { description: "Prometheus' text format 0.0.4", mediaType: "text/plain" } },
    async handle({ request, response }) {
      requireOperator(config, request, response);
      const text = await metrics.text();
      response.set({ "Content-Type": metrics.contentType, "Cache-Control": "no-store" }).send(text);
    },
  }),
];
