import { literal, type Transaction } from "sequelize";
import type { ErrorCode } from "../errors.ts";
import type { AttemptState } from "./attempt.ts";
import type { Records } from "./records.ts";

interface Closing {
  state: Exclude<AttemptState, "open">;
  remoteId?: string;
  code?: ErrorCode;
  message?: string;
}

/** Closes the open attempt of a generation, if there is one. */
export async function closeAttempt(
  records: Records,
  generationId: string,
  values: Closing,
  transaction?: Transaction,
): Promise<void> {
  await records.Attempt.update(
    { ...values, closedAt: literal("now()") },
    { where: { generationId, state: "open" }, transaction },
  );
}

/** Writes down what became of an attempt, also of one that counted as unknown until now. */
export async function settleAttempt(
  records: Records,
  nonce: string,
  values: Closing,
  transaction: Transaction,
): Promise<void> {
  await records.Attempt.update(
    { ...values, closedAt: literal("now()") },
    { where: { nonce, state: ["open", "unknown"] }, transaction },
  );
}
