import type { Records } from "../models/records.ts";
import type { Queue } from "../queue/queue.ts";

const REMOTE_ID = /^[\w-]{1,64}$/;

/** The id that a callback names, in any of the forms that were seen. */
function remoteIdIn(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const { request_id, id } = body as { request_id?: unknown; id?: unknown };
  const text = String(request_id ?? id ?? "");
  return REMOTE_ID.test(text) ? text : null;
}

/** Takes a callback as a hint to look; false where the nonce is of no attempt. Repeating it is harmless. */
export async function receiveCallback(
  { records, queue }: { records: Records; queue: Queue },
  nonce: string,
  body: unknown,
  requestId: string,
): Promise<boolean> {
  const attempt = await records.Attempt.findOne({ where: { nonce } });
  if (!attempt) return false;
  const claimedRemoteId = remoteIdIn(body);
  if (claimedRemoteId && !attempt.remoteId) await attempt.update({ claimedRemoteId });
  await queue.enqueue("wake", { generationId: attempt.generationId, requestId });
  return true;
}
