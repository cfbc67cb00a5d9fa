import { z } from "zod";
import { Id, PageQuery, pageOf, Time } from "./common.ts";
import { Generation } from "./generation.ts";
import { Model } from "./model.ts";
import { ATTEMPT_ERRORS, DELIVERY_STATES, PING, WEBHOOK_EVENT_TYPES } from "./webhook-names.ts";

export const WebhookEventType = z.enum(WEBHOOK_EVENT_TYPES);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** Addresses around an event; absolute where the server knows its public address. */
const GenerationLinks = z.object({
  generation: z.string(),
  model: z.string().nullable(),
  glb: z.string().nullable(),
});
const ModelLinks = z.object({ model: z.string(), glb: z.string() });

/**
 * The body that a receiver gets: `data` is what the API showed at that moment, with `links`. The form is the one of
 * Standard Webhooks (https://www.standardwebhooks.com).
 */
export const WebhookEvent = z
  .union([
    z.object({
      type: WebhookEventType.exclude(["model.created"]),
      timestamp: Time,
      data: Generation.extend({ links: GenerationLinks }).meta({ id: "GenerationEventData" }),
    }),
    z.object({
      type: z.literal("model.created"),
      timestamp: Time,
      data: Model.omit({ owner: true, canChange: true })
        .extend({ links: ModelLinks })
        .meta({ id: "ModelEventData" }),
    }),
    z.object({ type: z.literal(PING), timestamp: Time, data: z.object({ webhookId: Id }) }),
  ])
  .meta({ id: "WebhookEvent" });
export type WebhookEvent = z.infer<typeof WebhookEvent>;

export const DeliveryState = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof DeliveryState>;

export type AttemptError = (typeof ATTEMPT_ERRORS)[number];

/** One request to a receiver: `status` where it answered, else `error`. `answer` is the first kilobyte of the body. */
export const WebhookAttempt = z
  .object({
    number: z.number().int(),
    startedAt: Time,
    durationMs: z.number().int(),
    status: z.number().int().nullable(),
    error: z.enum(ATTEMPT_ERRORS).nullable(),
    answer: z.string().nullable(),
  })
  .meta({ id: "WebhookAttempt" });
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

/** An event on its way to one receiver. `messageId` is the header `webhook-id`, the same at every attempt. */
export const WebhookDelivery = z
  .object({
    id: Id,
    messageId: z.string(),
    eventType: z.enum([...WEBHOOK_EVENT_TYPES, PING]),
    state: DeliveryState,
    attemptCount: z.number().int(),
    lastAttempt: WebhookAttempt.nullable(),
    nextAttemptAt: Time.nullable(),
    createdAt: Time,
    finishedAt: Time.nullable(),
  })
  .meta({ id: "WebhookDelivery" });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** With every attempt, the newest first, and the body that is sent (null before the first attempt). */
export const WebhookDeliveryDetail = WebhookDelivery.extend({
  attempts: z.array(WebhookAttempt),
  payload: z.string().nullable(),
}).meta({ id: "WebhookDeliveryDetail" });

export const WebhookDeliveryPage = pageOf(WebhookDelivery).meta({ id: "WebhookDeliveryPage" });

export const WebhookDeliveryQuery = PageQuery.extend({
  status: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(DeliveryState))
    .optional(),
}).strict();

/** An address that is told of events. Its secret is shown once, when it is made. */
export const Webhook = z
  .object({
    id: Id,
    url: z.string(),
    description: z.string().nullable(),
    eventTypes: z.array(WebhookEventType),
    enabled: z.boolean(),
    disabledReason: z
      .enum(["paused", "gone", "failing"])
      .nullable()
      .describe("paused by you; the receiver said 410 Gone; or nothing got through for five days"),
    disabledAt: Time.nullable(),
    failingSince: Time.nullable().describe("The first failed attempt after the last that got through"),
    previousSecretUntil: Time.nullable().describe("Until then the secret before the last rotation signs too"),
    recentDeliveries: z
      .array(WebhookDelivery.pick({ id: true, eventType: true, state: true, createdAt: true }))
      .describe("At most ten, the newest first"),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookPage = pageOf(Webhook).meta({ id: "WebhookPage" });

export const WebhookWithSecret = Webhook.extend({ secret: z.string().regex(/^whsec_/) }).meta({
  id: "WebhookWithSecret",
});
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>;

const Description = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "Control characters are not possible here.")
  .max(200)
  .nullable();
const EventTypes = z
  .array(WebhookEventType)
  .min(1)
  .transform((types) => WEBHOOK_EVENT_TYPES.filter((type) => types.includes(type)));

export const CreateWebhook = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).max(2000),
    description: Description.optional(),
    eventTypes: EventTypes,
  })
  .meta({ id: "CreateWebhook" });

export const UpdateWebhook = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    description: Description.optional(),
    eventTypes: EventTypes.optional(),
    enabled: z.boolean().optional().describe("true also takes back what was disabled by itself"),
  })
  .meta({ id: "UpdateWebhook" });
