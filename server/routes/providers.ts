import { z } from "zod";
import { ProviderId, ProviderList, ResumeAnswer } from "../contract/provider.ts";
import { localeOf } from "../http/locale.ts";
import { type Route, route } from "../http/route.ts";
import type { Logger } from "../logger.ts";
import { currentWaits } from "../models/provider-waits.ts";
import type { Records } from "../models/records.ts";
import type { Queue } from "../queue/queue.ts";
import type { Budget } from "../services/budget.ts";
import { resumeProvider } from "../services/provider-pauses.ts";
import { listProviders, type ProviderDirectory } from "../services/providers.ts";
import { presentPause } from "./present-generation.ts";

export interface ProviderRouteDeps {
  directory: ProviderDirectory;
  logger: Logger;
  records: Records;
  queue: Queue;
  budget: Budget;
}

const TAG = "Providers";

export const providerRoutes = (deps: ProviderRouteDeps): Route[] => [
  route({
    method: "get",
    path: "/api/v1/providers",
    tag: TAG,
    summary: "Providers with their networks, prices, presets and parameters, and the caller's money",
    access: "read",
    answers: { 200: { description: "All of them", schema: ProviderList } },
    async handle({ caller, request, response }) {
      const [providers, waits] = await Promise.all([
        listProviders(deps, caller.userId),
        currentWaits(deps.records),
      ]);
      const items = providers.map((provider) => {
        const wait = waits.get(provider.id);
        const isConcerned = wait && !(wait.isOfService && provider.keySource === "own");
        return { ...provider, pause: isConcerned ? presentPause(wait, localeOf(request)) : null };
      });
      response.json({ items });
    },
  }),
  route({
    method: "post",
    path: "/api/v1/providers/:id/resume",
    tag: TAG,
    summary: "End the pause of a provider: what waits is tried again now",
    access: "admin",
    params: z.object({ id: ProviderId }),
    answers: { 200: { description: "Whether there was a pause", schema: ResumeAnswer } },
    async handle({ params, by, response }) {
      response.json({ resumed: await resumeProvider(deps, params.id, by) });
    },
  }),
];
