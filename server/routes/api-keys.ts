import { z } from "zod";
import {
  ApiKeyPage,
  ApiKeyQuery,
  type ApiKey as ApiKeyView,
  ApiKeyWithText,
  CreateApiKey,
} from "../contract/api-key.ts";
import { Id } from "../contract/common.ts";
import { actorOf } from "../http/actor.ts";
import { type Route, route } from "../http/route.ts";
import type { ApiKey } from "../models/keys.ts";
import type { Records } from "../models/records.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "../services/api-keys.ts";

const TAG = "API keys";

const present = (key: ApiKey): ApiKeyView => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  isExpired: key.isExpired,
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
});

/** A person's own API keys; a key itself can't make, see or change any. */
export const apiKeyRoutes = ({ records }: { records: Records }): Route[] => [
  route({
    method: "get",
    path: "/api/v1/api-keys",
    tag: TAG,
    summary: "List your API keys, the newest first",
    access: "account",
    query: ApiKeyQuery,
    answers: { 200: { description: "A page", schema: ApiKeyPage } },
    async handle({ query, caller, response }) {
      const page = await listApiKeys(records, caller.userId, query);
      response.json({ ...page, items: page.items.map(present) });
    },
  }),
  route({
    method: "post",
    path: "/api/v1/api-keys",
    tag: TAG,
    summary: "Make an API key; its text is shown this once",
    access: "account",
    body: CreateApiKey,
    answers: { 201: { description: "The key with its text", schema: ApiKeyWithText } },
    async handle({ body, caller, request, response }) {
      const { key, text } = await createApiKey(records, caller, body, actorOf(request, response));
      response
        .status(201)
        .set("Cache-Control", "no-store")
        .json({ ...present(key), key: text });
    },
  }),
  route({
    method: "delete",
    path: "/api/v1/api-keys/:id",
    tag: TAG,
    summary: "Revoke an API key: from now on it opens nothing",
    access: "account",
    relation: "own",
    params: z.object({ id: Id }),
    answers: { 204: { description: "Revoked" } },
    async handle({ params, caller, request, response }) {
      await revokeApiKey(records, caller.userId, params.id, actorOf(request, response));
      response.status(204).end();
    },
  }),
];
