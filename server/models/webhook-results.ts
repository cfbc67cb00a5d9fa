import { literal, Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { Webhook, WebhookAttempt } from "../contract/webhook.ts";
import { PING } from "../contract/webhook-names.ts";
import { inSeconds } from "./generation-state.ts";
import type { Records } from "./records.ts";
import type { ClaimedDelivery } from "./webhook-claims.ts";

/** What one attempt means for the delivery and for its receiver. */
export interface AttemptVerdict {
  state: "succeeded" | "failed" | "retry";
  /** Until the next attempt, with `retry`. */
  delaySeconds: number;
  /** Why nothing more is sent to the receiver; null where that goes on. */
  disable: Exclude<Webhook["disabledReason"], "paused">;
}

/** Keeps the body that every attempt sends, in place of what it was made of. */
export async function keepPayload(
  records: Records,
  { id, fence }: Pick<ClaimedDelivery, "id" | "fence">,
  payload: string,
): Promise<void> {
  await records.WebhookDelivery.update({ payload, snapshot: {} }, { where: { id, fence } });
}

/**
 * Writes down an attempt and what follows from it, in one transaction. Nothing is written by a process that lost its
 * lease. The health of the receiver counts events only, not tests.
 */
export async function recordAttempt(
  records: Records,
  delivery: ClaimedDelivery,
  attempt: Pick<WebhookAttempt, "durationMs" | "status" | "error" | "answer">,
  { state, delaySeconds, disable }: AttemptVerdict,
): Promise<void> {
  const { id, fence, endpointId } = delivery;
  await records.sequelize.transaction(async (transaction) => {
    if (state !== "succeeded" || delivery.failuresInRow > 0) {
      // Before the delivery, in the order in which a deletion of the receiver locks them.
      await records.WebhookEndpoint.findByPk(endpointId, {
        lock: Transaction.LOCK.NO_KEY_UPDATE,
        transaction,
      });
    }
    const [, [row]] = await records.WebhookDelivery.update(
      {
        attemptCount: literal("attempt_count + 1") as never,
        failures: literal(state === "succeeded" ? "failures" : "failures + 1") as never,
        leasedUntil: null,
        ...(state === "retry"
          ? { nextAttemptAt: inSeconds(delaySeconds) as never }
          : { state, nextAttemptAt: null, finishedAt: literal("now()") as never }),
      },
      { where: { id, fence, state: "pending" }, returning: true, transaction },
    );
    if (!row) return;
    const { durationMs } = attempt;
    const startedAt = literal(`now() - interval '${Number(durationMs)} milliseconds'`) as never;
    await records.WebhookAttempt.create(
      { id: newId(), deliveryId: id, number: row.attemptCount, startedAt, ...attempt },
      { transaction },
    );
    if (delivery.eventType !== PING)
      await countForEndpoint(records, endpointId, state === "succeeded", transaction);
    if (disable) await disableEndpoint(records, endpointId, disable, transaction);
  });
}

async function countForEndpoint(
  { WebhookEndpoint }: Records,
  id: string,
  gotThrough: boolean,
  transaction: Transaction,
): Promise<void> {
  if (gotThrough) {
    // Only where it changes something: the row of a busy receiver must not be written at every success.
    const failing = { id, failuresInRow: literal("failures_in_row > 0") as never };
    await WebhookEndpoint.update({ failuresInRow: 0, failingSince: null }, { where: failing, transaction });
    return;
  }
  await WebhookEndpoint.update(
    {
      failuresInRow: literal("failures_in_row + 1") as never,
      failingSince: literal("coalesce(failing_since, now())") as never,
    },
    { where: { id }, transaction },
  );
}

async function disableEndpoint(
  { WebhookEndpoint }: Records,
  id: string,
  disabledReason: AttemptVerdict["disable"],
  transaction: Transaction,
): Promise<void> {
  const disabledAt = literal("now()") as never;
  await WebhookEndpoint.update(
    { enabled: false, disabledReason, disabledAt },
    { where: { id, enabled: true }, transaction },
  );
}
