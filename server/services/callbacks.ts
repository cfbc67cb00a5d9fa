import type { Attempt } from "../models/attempt.ts";
import { expectLook } from "../models/generation-state.ts";
import type { Records } from "../models/records.ts";
import type { Queue } from "../queue/queue.ts";

const REMOTE_ID = /^[\w-]{1,64}$/;

/**
 * What a callback was, for people to watch; all but `unknown-nonce` wake the work up. `malformed` names no request,
 * `repeated` the one that was named before, `conflicting` another than is known.
 */
export type CallbackResult = "woke" | "repeated" | "malformed" | "conflicting" | "unknown-nonce";

interface CallbackDeps {
  records: Records;
  queue: Queue;
  observe(result: CallbackResult): void;
}

/** The id that a callback names, in any of the forms that were seen. */
function remoteIdIn(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const { request_id, id } = body as { request_id?: unknown; id?: unknown };
  const text = String(request_id ?? id ?? "");
  return REMOTE_ID.test(text) ? text : null;
}

function judge({ remoteId, claimedRemoteId }: Attempt, named: string | null): CallbackResult {
  if (!named) return "malformed";
  if (named === claimedRemoteId) return "repeated";
  return (remoteId ?? claimedRemoteId ?? named) === named ? "woke" : "conflicting";
}

/** Takes a callback as a hint to look; false where the nonce is of no attempt. Repeating it is harmless. */
export async function receiveCallback(
  { records, queue, observe }: CallbackDeps,
  nonce: string,
  body: unknown,
  requestId: string,
): Promise<boolean> {
  const attempt = await records.Attempt.findOne({ where: { nonce } });
  if (!attempt) {
    observe("unknown-nonce");
    return false;
  }
  const named = remoteIdIn(body);
  observe(judge(attempt, named));
  const isOfAnother = attempt.remoteId !== null && attempt.remoteId !== named;
  const { generationId } = attempt;
  await records.sequelize.transaction(async (transaction) => {
    if (named && !isOfAnother) {
      await expectLook(records, generationId, transaction);
      await attempt.update({ claimedRemoteId: named }, { transaction });
    }
    const generation = await records.Generation.findByPk(generationId, {
      attributes: ["userId", "traceparent"],
      transaction,
    });
    const { userId, traceparent } = generation ?? {};
    await queue.enqueue("wake", { generationId, requestId, userId, traceparent }, { transaction });
  });
  return true;
}
