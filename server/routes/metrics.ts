import { type Route, route } from "../http/route.ts";

interface MetricsRouteDeps {
  metrics: { contentType: string; text(): Promise<string> };
}

export const metricsRoutes = ({ metrics }: MetricsRouteDeps): Route[] => [
  route({
    method: "get",
    path: "/metrics",
    tag: "Operations",
    summary: "Figures for Prometheus; needs the operator's token where others can reach the server",
    access: "operator",
    answers: { 200: { description: "Prometheus' text format 0.0.4", mediaType: "text/plain" } },
    async handle({ response }) {
      const text = await metrics.text();
      response.set({ "Content-Type": metrics.contentType, "Cache-Control": "no-store" }).send(text);
    },
  }),
];
