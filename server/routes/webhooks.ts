import { z } from "zod";
import { Id, PageQuery } from "../contract/common.ts";
import {
  CreateWebhook,
  UpdateWebhook,
  Webhook,
  WebhookPage,
  WebhookWithSecret,
} from "../contract/webhook.ts";
import { type Route, route } from "../http/route.ts";
import type { Records } from "../models/records.ts";
import type { WebhookEndpoint } from "../models/webhook-endpoint.ts";
import type { Vault } from "../services/vault/vault.ts";
import type { WebhookTargetRules } from "../services/webhook-target.ts";
import {
  createWebhook,
  findWebhook,
  listWebhooks,
  recentDeliveries,
  removeWebhook,
  rotateSecret,
  updateWebhook,
} from "../services/webhooks.ts";
import { presentWebhook } from "./present-webhook.ts";

const TAG = "Webhooks";
const ById = z.object({ id: Id });
const ONE = { 200: { description: "The webhook", schema: Webhook } };

export function webhookRoutes(deps: {
  records: Records;
  webhookTargets: WebhookTargetRules;
  vault: Vault;
}): Route[] {
  const { records, vault } = deps;
  const services = { records, targets: deps.webhookTargets, vault };

  const presentAll = async (endpoints: WebhookEndpoint[]) => {
    const recent = await recentDeliveries(records, endpoints);
    return endpoints.map((endpoint) => presentWebhook(endpoint, recent.get(endpoint.id) ?? []));
  };
  const present = async (endpoint: WebhookEndpoint) => (await presentAll([endpoint]))[0];

  return [
    route({
      method: "get",
      path: "/api/v1/webhooks",
      tag: TAG,
      summary: "List your webhooks, the newest first",
      access: "read",
      query: PageQuery.strict(),
      answers: { 200: { description: "A page", schema: WebhookPage } },
      async handle({ query, caller, response }) {
        const page = await listWebhooks(records, caller.userId, query);
        response.json({ ...page, items: await presentAll(page.items) });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/webhooks",
      tag: TAG,
      summary: "Have events sent to an address; its secret is shown this once",
      access: "write",
      body: CreateWebhook,
      answers: { 201: { description: "The webhook with its secret", schema: WebhookWithSecret } },
      async handle({ body, by, response }) {
        const { endpoint, secret } = await createWebhook(services, by, body);
        response
          .status(201)
          .location(`/api/v1/webhooks/${endpoint.id}`)
          .set("Cache-Control", "no-store")
          .json({ ...(await present(endpoint)), secret });
      },
    }),
    route({
      method: "get",
      path: "/api/v1/webhooks/:id",
      tag: TAG,
      summary: "Read one webhook",
      access: "read",
      relation: "own",
      params: ById,
      answers: ONE,
      async handle({ params, caller, response }) {
        response.json(await present(await findWebhook(records, caller.userId, params.id)));
      },
    }),
    route({
      method: "patch",
      path: "/api/v1/webhooks/:id",
      tag: TAG,
      summary: "Change, pause or enable a webhook",
      access: "write",
      relation: "own",
      params: ById,
      body: UpdateWebhook,
      answers: ONE,
      async handle({ params, body, by, response }) {
        response.json(await present(await updateWebhook(services, by, params.id, body)));
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/webhooks/:id",
      tag: TAG,
      summary: "Delete a webhook with its log",
      access: "write",
      relation: "own",
      params: ById,
      answers: { 204: { description: "Deleted" } },
      async handle({ params, by, response }) {
        await removeWebhook(records, by, params.id);
        response.status(204).end();
      },
    }),
    route({
      method: "post",
      path: "/api/v1/webhooks/:id/secret",
      tag: TAG,
      summary: "Make a new secret, shown this once; the old one signs too for 24 hours",
      access: "write",
      relation: "own",
      params: ById,
      answers: { 200: { description: "The webhook with its new secret", schema: WebhookWithSecret } },
      async handle({ params, by, response }) {
        const { endpoint, secret } = await rotateSecret(services, by, params.id);
        response.set("Cache-Control", "no-store").json({ ...(await present(endpoint)), secret });
      },
    }),
  ];
}
