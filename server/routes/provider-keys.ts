import { z } from "zod";
import type { ProviderKey as ProviderKeyView } from "../contract/provider-key.ts";
import { KeyedProviderId, ProviderKey, ProviderKeyList, SaveProviderKey } from "../contract/provider-key.ts";
import { AppError } from "../errors.ts";
import { actorOf } from "../http/actor.ts";
import { type Route, route } from "../http/route.ts";
import type { ProviderKey as ProviderKeyRecord } from "../models/keys.ts";
import type { Records } from "../models/records.ts";
import {
  listProviderKeys,
  removeProviderKey,
  saveProviderKey,
} from "../services/provider-keys/provider-keys.ts";
import type { ProviderDirectory } from "../services/providers.ts";
import type { Vault } from "../services/vault/vault.ts";

const TAG = "Provider keys";
const ByProvider = z.object({ provider: KeyedProviderId });
const ONE = { description: "The key, without its text", schema: ProviderKey };

const present = (key: ProviderKeyRecord): ProviderKeyView => ({
  provider: KeyedProviderId.parse(key.provider),
  lastFour: key.lastFour,
  checkedAt: key.checkedAt?.toISOString() ?? null,
  createdAt: key.createdAt.toISOString(),
  updatedAt: key.updatedAt.toISOString(),
});

/** A person's own keys of the providers, which pay for this person's work. They go in and never come out. */
export const providerKeyRoutes = ({
  records,
  vault,
  directory,
}: {
  records: Records;
  vault: Vault;
  directory: ProviderDirectory;
}): Route[] => [
  route({
    method: "get",
    path: "/api/v1/provider-keys",
    tag: TAG,
    summary: "List your own keys of providers, without their text",
    access: "account",
    answers: { 200: { description: "All of them", schema: ProviderKeyList } },
    async handle({ caller, response }) {
      response.json({ items: (await listProviderKeys(records, caller.userId)).map(present) });
    },
  }),
  route({
    method: "get",
    path: "/api/v1/provider-keys/:provider",
    tag: TAG,
    summary: "Read what is kept of your own key of a provider",
    access: "account",
    params: ByProvider,
    answers: { 200: ONE },
    async handle({ params, caller, response }) {
      const keys = await listProviderKeys(records, caller.userId);
      const key = keys.find(({ provider }) => provider === params.provider);
      if (!key) throw new AppError("not-found");
      response.json(present(key));
    },
  }),
  route({
    method: "put",
    path: "/api/v1/provider-keys/:provider",
    tag: TAG,
    summary: "Save your own key of a provider, once the provider has said that it knows it",
    access: "account",
    params: ByProvider,
    body: SaveProviderKey,
    answers: { 200: ONE },
    async handle({ params, body, caller, request, response }) {
      const order = { userId: caller.userId, provider: params.provider, key: body.key };
      const deps = { records, vault, providers: directory.providers };
      response.json(present(await saveProviderKey(deps, order, actorOf(request, response))));
    },
  }),
  route({
    method: "delete",
    path: "/api/v1/provider-keys/:provider",
    tag: TAG,
    summary: "Remove your own key of a provider; work under way that it pays for stops",
    access: "account",
    params: ByProvider,
    answers: { 204: { description: "Removed" } },
    async handle({ params, caller, request, response }) {
      const whose = { userId: caller.userId, provider: params.provider };
      await removeProviderKey(records, whose, actorOf(request, response));
      response.status(204).end();
    },
  }),
];
