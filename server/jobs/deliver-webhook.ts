import { Webhook } from "standardwebhooks";
import type { WebhookAttempt } from "../contract/webhook.ts";
import { PING } from "../contract/webhook-names.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import { type ClaimedDelivery, releaseDelivery } from "../models/webhook-claims.ts";
import { type AttemptVerdict, keepPayload, recordAttempt } from "../models/webhook-results.ts";
import type { Vault } from "../services/vault/vault.ts";
import { openWebhookSecret } from "../services/vault/webhook-secrets.ts";
import { judgeAttempt } from "../services/webhook-rules.ts";
import type { WebhookTargetRules } from "../services/webhook-target.ts";
import { postWebhook } from "./webhook-request.ts";

export interface WebhookDeps {
  records: Records;
  logger: Logger;
  targets: WebhookTargetRules;
  vault: Vault;
  /** The body of an event, made of what the outbox kept of it. */
  renderEvent(event: Pick<ClaimedDelivery, "eventType" | "snapshot">): Promise<string>;
  version: string;
  /** Told of every attempt. */
  observe?(attempt: Observed): void;
}

interface Observed extends Pick<WebhookAttempt, "status" | "error" | "durationMs"> {
  state: AttemptVerdict["state"];
}

/** Longest wait for a receiver, milliseconds. */
export const ATTEMPT_TIMEOUT_MS = 15_000;

/**
 * One attempt of a claimed delivery: signed with every valid secret of the receiver, by Standard Webhooks
 * (https://www.standardwebhooks.com). Cut off by `signal`, it is given back as if it had not been.
 */
export async function deliverWebhook(
  { records, logger, targets, vault, renderEvent, version, observe }: WebhookDeps,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { id, endpointId, eventType, url } = delivery;
  try {
    const body = delivery.payload ?? (await renderEvent(delivery));
    if (delivery.payload === null) await keepPayload(records, delivery, body);
    const headers = {
      "Content-Type": "application/json",
      "User-Agent": `photo-to-3d/${version}`,
      ...signedHeaders(vault, delivery, body),
    };
    const outcome = await postWebhook({ url, headers, body, timeoutMs: ATTEMPT_TIMEOUT_MS, signal }, targets);
    const verdict = judgeAttempt({ ...delivery, ...outcome, isPing: eventType === PING });
    const { retryAfterSeconds, ...attempt } = outcome;
    observe?.({ ...attempt, state: verdict.state });
    await recordAttempt(records, delivery, attempt, verdict);
    const facts = {
      deliveryId: id,
      webhookId: endpointId,
      eventType,
      status: outcome.status,
      error: outcome.error,
    };
    if (verdict.disable) logger.warn("A webhook was disabled", { ...facts, reason: verdict.disable });
    else logger.debug("A webhook was sent", { ...facts, state: verdict.state });
  } catch (error) {
    if (!signal.aborted) throw error;
    await releaseDelivery(records, delivery);
  }
}

function signedHeaders(
  vault: Vault,
  { messageId, claimedAt, secrets, endpointId: id, userId }: ClaimedDelivery,
  body: string,
): Record<string, string> {
  const at = new Date(claimedAt * 1000);
  return {
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(claimedAt)),
    "webhook-signature": secrets
      .map((kept) => openWebhookSecret(vault, { id, userId }, kept))
      .map((secret) => new Webhook(secret).sign(messageId, at, body))
      .join(" "),
  };
}
