import { z } from "zod";
import { Id } from "../contract/common.ts";
import {
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  WebhookDeliveryQuery,
} from "../contract/webhook.ts";
import { type Route, route } from "../http/route.ts";
import type { Records } from "../models/records.ts";
import { findDelivery, listDeliveries, replayDelivery, sendPing } from "../services/webhook-deliveries.ts";
import { presentDelivery, presentDeliveryDetail } from "./present-webhook.ts";

const TAG = "Webhooks";
const ById = z.object({ id: Id });
const ByDelivery = z.object({ id: Id, deliveryId: Id });
const DELIVERIES = "/api/v1/webhooks/:id/deliveries";

const placeOf = ({ id, deliveryId }: z.output<typeof ByDelivery>) => ({ id: deliveryId, endpointId: id });

export const webhookDeliveryRoutes = ({ records }: { records: Records }): Route[] => [
  route({
    method: "post",
    path: "/api/v1/webhooks/:id/test",
    tag: TAG,
    summary: "Send a test event, once and without repeats; the log tells what came of it",
    access: "write",
    relation: "own",
    params: ById,
    answers: { 202: { description: "The delivery", schema: WebhookDelivery } },
    async handle({ params, caller, response }) {
      response.status(202).json(presentDelivery(await sendPing(records, caller.userId, params.id)));
    },
  }),
  route({
    method: "get",
    path: DELIVERIES,
    tag: TAG,
    summary: "What was sent to a webhook in the last 30 days, the newest first",
    access: "read",
    relation: "own",
    params: ById,
    query: WebhookDeliveryQuery,
    answers: { 200: { description: "A page", schema: WebhookDeliveryPage } },
    async handle({ params, query, caller, response }) {
      const page = await listDeliveries(records, caller.userId, params.id, query);
      response.json({ ...page, items: page.items.map(presentDelivery) });
    },
  }),
  route({
    method: "get",
    path: `${DELIVERIES}/:deliveryId`,
    tag: TAG,
    summary: "Read one delivery with its attempts and its body",
    access: "read",
    relation: "own",
    params: ByDelivery,
    answers: { 200: { description: "The delivery", schema: WebhookDeliveryDetail } },
    async handle({ params, caller, response }) {
      response.json(presentDeliveryDetail(await findDelivery(records, caller.userId, placeOf(params))));
    },
  }),
  route({
    method: "post",
    path: `${DELIVERIES}/:deliveryId/replay`,
    tag: TAG,
    summary: "Send a delivery again, with the same id",
    access: "write",
    relation: "own",
    params: ByDelivery,
    answers: { 202: { description: "The delivery, waiting", schema: WebhookDelivery } },
    async handle({ params, caller, response }) {
      response
        .status(202)
        .json(presentDelivery(await replayDelivery(records, caller.userId, placeOf(params))));
    },
  }),
];
