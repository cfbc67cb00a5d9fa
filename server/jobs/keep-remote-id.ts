import { literal, type Transaction } from "sequelize";
import type { GenerationStatus } from "../contract/generation.ts";
import type { KeySource } from "../contract/provider.ts";
import type { Records } from "../models/records.ts";

/**
 * For a generation that was canceled while it was sent: what is paid for is kept, and a retry picks it up. One that a
 * person sent again meanwhile goes by the answer to that. The key that paid is the one to ask with.
 */
export async function keepRemoteId(
  records: Records,
  id: string,
  { remoteId, keySource }: { remoteId: string; keySource: KeySource },
  transaction: Transaction,
): Promise<void> {
  const wakeAt = literal("CASE WHEN status = 'canceled' THEN now() ELSE wake_at END");
  const status: GenerationStatus[] = ["canceled", "failed", "needs-confirmation"];
  await records.Generation.update(
    { remoteId, keySource, wakeAt },
    { where: { id, status, remoteId: null }, transaction },
  );
}
