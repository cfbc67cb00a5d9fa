import type { Transaction } from "sequelize";
import type { Records } from "../models/records.ts";

/** For a generation that was canceled while it was sent: a retry picks up what is paid for. */
export async function keepRemoteId(
  records: Records,
  id: string,
  remoteId: string,
  transaction: Transaction,
): Promise<void> {
  await records.Generation.update({ remoteId }, { where: { id, remoteId: null }, transaction });
}
