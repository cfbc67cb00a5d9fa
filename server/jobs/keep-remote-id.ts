import { literal, type Transaction } from "sequelize";
import type { Records } from "../models/records.ts";

/** For a generation that was canceled while it was sent: what is paid for is kept, and a retry picks it up. */
export async function keepRemoteId(
  records: Records,
  id: string,
  remoteId: string,
  transaction: Transaction,
): Promise<void> {
  const wakeAt = literal("CASE WHEN status = 'canceled' THEN now() ELSE wake_at END");
  await records.Generation.update({ remoteId, wakeAt }, { where: { id, remoteId: null }, transaction });
}
