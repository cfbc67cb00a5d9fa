import { ProviderList } from "../contract/provider.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import type { Budget } from "../services/budget.ts";
import { listProviders, type ProviderDirectory } from "../services/providers.ts";

export interface ProviderRouteDeps {
  directory: ProviderDirectory;
  logger: Logger;
  records: Records;
  budget: Budget;
}

export const providerRoutes = (deps: ProviderRouteDeps): Route[] => [
  route({
    method: "get",
    path: "/api/v1/providers",
    tag: "Providers",
    summary: "Providers and networks with their parameters and presets",
    answers: { 200: { description: "All of them", schema: ProviderList } },
    async handle({ caller, response }) {
      response.json({ items: await listProviders(deps, caller.userId) });
    },
  }),
];
