import { DetailedHealth } from "../contract/operations.ts";
import { localeOf } from "../http/locale.ts";
import { type Route, route } from "../http/route.ts";
import { checkHealth } from "../services/health-checks.ts";
import { healthText } from "../services/health-texts.ts";

type DetailedHealthDeps = Parameters<typeof checkHealth>[0] & {
  version: string;
  commit: string | null;
};

export const detailedHealthRoutes = (deps: DetailedHealthDeps): Route[] => [
  route({
    method: "get",
    path: "/health/detailed",
    tag: "Operations",
    summary: "Every part with its state; needs the operator's token where others can reach the server",
    access: "operator",
    answers: {
      200: { description: "It serves, though parts may be degraded", schema: DetailedHealth },
      503: { description: "The database or the store is not usable", schema: DetailedHealth },
    },
    async handle({ request, response }) {
      const checks = await checkHealth(deps);
      const all = Object.values(checks).map(({ status }) => status);
      const status = all.includes("unhealthy")
        ? "unhealthy"
        : all.includes("degraded")
          ? "degraded"
          : "healthy";
      response.status(status === "unhealthy" ? 503 : 200).set("Cache-Control", "no-store");
      const { version, commit } = deps;
      const locale = localeOf(request);
      const told = Object.fromEntries(
        Object.entries(checks).map(([name, { message, ...check }]) => [
          name,
          { ...check, message: healthText(message)[locale] },
        ]),
      );
      response.json({ status, timestamp: new Date().toISOString(), version, commit, checks: told });
    },
  }),
];
