import { ProviderList } from "../contract/provider.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import { listProviders, type ProviderDirectory } from "../services/providers.ts";

export const providerRoutes = (deps: { directory: ProviderDirectory; logger: Logger }): Route[] => [
  route({
    method: "get",
    path: "/api/v1/providers",
    tag: "Providers",
    summary: "Providers and networks with their parameters and presets",
    answers: { 200: { description: "All of them", schema: ProviderList } },
    async handle({ response }) {
      response.json({ items: await listProviders(deps.directory, deps.logger) });
    },
  }),
];
