import { literal, Op, type Transaction } from "sequelize";
import type { ErrorCode } from "../errors.ts";
import type { AttemptState } from "./attempt.ts";
import type { Generation } from "./generation.ts";
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

/** How often a generation was tried since a person last sent it to the queue; refusals only paused the provider. */
export const countTries = (
  records: Records,
  { id, queuedAt }: Pick<Generation, "id" | "queuedAt">,
  transaction?: Transaction,
): Promise<number> =>
  records.Attempt.count({
    where: { generationId: id, createdAt: { [Op.gte]: queuedAt }, state: { [Op.ne]: "refused" } },
    transaction,
  });

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
