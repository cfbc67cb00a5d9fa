import { literal, type Transaction } from "sequelize";
import type { AttemptState } from "./attempt.ts";
import type { Records } from "./records.ts";

/** Closes the open attempt of a generation, if there is one. */
export async function closeAttempt(
  records: Records,
  generationId: string,
  values: { state: Exclude<AttemptState, "open">; remoteId?: string; message?: string },
  transaction?: Transaction,
): Promise<void> {
  await records.Attempt.update(
    { ...values, closedAt: literal("now()") },
    { where: { generationId, state: "open" }, transaction },
  );
}
