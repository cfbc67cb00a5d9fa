import { randomBytes } from "node:crypto";
import { literal, QueryTypes, type Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import type { PageQuery } from "../contract/common.ts";
import type { CreateWebhook, UpdateWebhook } from "../contract/webhook.ts";
import { AppError } from "../errors.ts";
import { inSeconds } from "../models/generation-state.ts";
import type { Records } from "../models/records.ts";
import type { WebhookDelivery } from "../models/webhook-delivery.ts";
import type { WebhookEndpoint } from "../models/webhook-endpoint.ts";
import { audit, type MemberActor } from "./audit.ts";
import { listNewest } from "./paging.ts";
import type { Vault } from "./vault/vault.ts";
import { sealWebhookSecret } from "./vault/webhook-secrets.ts";
import { checkNewWebhookUrl, type WebhookTargetRules } from "./webhook-target.ts";

/** Receivers that one user may have. */
const MAX_PER_USER = 20;
const OVERLAP_SECONDS = 24 * 3600;
const LIMIT_LOCK = 7_310_309_203;

interface Deps {
  records: Records;
  targets: WebhookTargetRules;
  vault: Vault;
}

const HEALTHY = { failingSince: null, failuresInRow: 0 };

/** Standard Webhooks: 24 to 64 random bytes in base64 after `whsec_`. */
const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;

/** Throws `webhook-url-not-allowed` and `webhook-limit`. The secret is in the answer only. */
export async function createWebhook(
  { records, targets, vault }: Deps,
  by: MemberActor,
  fields: z.output<typeof CreateWebhook>,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  await checkNewWebhookUrl(fields.url, targets);
  const secret = newSecret();
  const id = newId();
  const { userId } = by.caller;
  await records.sequelize.transaction(async (transaction) => {
    await records.sequelize.query("SELECT pg_advisory_xact_lock($1)", { bind: [LIMIT_LOCK], transaction });
    const count = await records.WebhookEndpoint.count({ where: { userId }, transaction });
    if (count >= MAX_PER_USER) throw new AppError("webhook-limit");
    const sealed = sealWebhookSecret(vault, { id, userId }, secret);
    await records.WebhookEndpoint.create({ id, userId, ...fields, secret: sealed }, { transaction });
    const details = { host: URL.parse(fields.url)?.host, eventTypes: fields.eventTypes };
    await audit(records, { action: "webhook.created", subjectId: id, details, by }, transaction);
  });
  return { endpoint: await findWebhook(records, userId, id), secret };
}

/** Throws `not-found`, also for another user's. */
export async function findWebhook(records: Records, userId: string, id: string): Promise<WebhookEndpoint> {
  const endpoint = await records.WebhookEndpoint.findOne({ where: { id, userId } });
  if (!endpoint) throw new AppError("not-found");
  return endpoint;
}

export async function listWebhooks(records: Records, userId: string, query: z.output<typeof PageQuery>) {
  return listNewest(records.WebhookEndpoint, query, { where: { userId } });
}

/** The last ten deliveries of each receiver, the newest first. */
export async function recentDeliveries(
  records: Records,
  endpoints: WebhookEndpoint[],
): Promise<Map<string, WebhookDelivery[]>> {
  const rows = await records.sequelize.query<WebhookDelivery>(
    `SELECT d.id, d.endpoint_id AS "endpointId", d.event_type AS "eventType", d.state, d.created_at AS "createdAt"
       FROM unnest($1::uuid[]) AS e (id) CROSS JOIN LATERAL (
         SELECT * FROM webhook_deliveries WHERE endpoint_id = e.id ORDER BY created_at DESC, id DESC LIMIT 10) d`,
    { type: QueryTypes.SELECT, bind: [endpoints.map(({ id }) => id)] },
  );
  return Map.groupBy(rows, ({ endpointId }) => endpointId);
}

/**
 * Changes what is given. `enabled: true` forgets earlier failures and lets waiting deliveries go on; `false` lets them
 * wait. Throws `not-found` and `webhook-url-not-allowed`.
 */
export async function updateWebhook(
  { records, targets }: Omit<Deps, "vault">,
  by: MemberActor,
  id: string,
  { enabled, ...fields }: z.output<typeof UpdateWebhook>,
): Promise<WebhookEndpoint> {
  const { userId } = by.caller;
  const endpoint = await findWebhook(records, userId, id);
  const moved = fields.url !== undefined && fields.url !== endpoint.url;
  if (moved) await checkNewWebhookUrl(fields.url!, targets);
  await records.sequelize.transaction(async (transaction) => {
    const now = literal("now()") as never;
    await records.WebhookEndpoint.update(
      { ...fields, ...(moved && HEALTHY), updatedAt: now },
      { where: { id, userId }, transaction },
    );
    if (enabled === true) await enable(records, id, transaction);
    if (enabled === false) {
      await records.WebhookEndpoint.update(
        { enabled: false, disabledReason: "paused", disabledAt: now },
        { where: { id, enabled: true }, transaction },
      );
    }
    const details = { changed: Object.keys(fields), ...(enabled !== undefined && { enabled }) };
    await audit(records, { action: "webhook.changed", subjectId: id, details, by }, transaction);
  });
  return findWebhook(records, userId, id);
}

async function enable({ WebhookEndpoint }: Records, id: string, transaction: Transaction): Promise<void> {
  await WebhookEndpoint.update(
    { enabled: true, disabledReason: null, disabledAt: null, ...HEALTHY },
    { where: { id, enabled: false }, transaction },
  );
}

/** Its deliveries go too. Throws `not-found`. */
export async function removeWebhook(records: Records, by: MemberActor, id: string): Promise<void> {
  const where = { id, userId: by.caller.userId };
  await records.sequelize.transaction(async (transaction) => {
    const removed = await records.WebhookEndpoint.destroy({ where, transaction });
    if (removed === 0) throw new AppError("not-found");
    await audit(records, { action: "webhook.deleted", subjectId: id, by }, transaction);
  });
}

/** A new secret; the one before it signs too for 24 hours. Throws `not-found`. */
export async function rotateSecret(
  { records, vault }: Pick<Deps, "records" | "vault">,
  by: MemberActor,
  id: string,
): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
  const secret = newSecret();
  const { userId } = by.caller;
  await records.sequelize.transaction(async (transaction) => {
    const [count] = await records.WebhookEndpoint.update(
      {
        previousSecret: literal("secret") as never,
        previousSecretUntil: inSeconds(OVERLAP_SECONDS) as never,
        secret: sealWebhookSecret(vault, { id, userId }, secret),
        updatedAt: literal("now()") as never,
      },
      { where: { id, userId }, transaction },
    );
    if (count === 0) throw new AppError("not-found");
    await audit(records, { action: "webhook.secret-renewed", subjectId: id, by }, transaction);
  });
  return { endpoint: await findWebhook(records, userId, id), secret };
}
