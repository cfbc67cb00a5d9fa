import { literal, type Transaction, UniqueConstraintError } from "sequelize";
import { v7 as newId } from "uuid";
import type { Role } from "../../contract/access.ts";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { User } from "../../models/user.ts";
import { type Actor, audit } from "../audit.ts";

/** What an account is made of. */
export interface NewMember {
  email: string;
  passwordHash: string;
  role: Role;
  name: string | null;
  locale: "en" | "ru" | null;
  /** A letter has reached its owner. */
  isVerified: boolean;
}

/** Rejects with what `isEmailTaken` knows where somebody has the address already. */
export async function addMember(
  records: Records,
  { isVerified, ...fields }: NewMember,
  by: Actor,
  transaction: Transaction,
): Promise<User> {
  const now = literal("now()") as never;
  const user = await records.User.create(
    { id: newId(), ...fields, emailVerifiedAt: isVerified ? now : null, passwordChangedAt: now },
    { returning: true, transaction },
  );
  const details = { email: user.email, role: user.role };
  await audit(records, { action: "user.created", subjectId: user.id, details, by }, transaction);
  return user;
}

/** Whether a transaction ended because two accounts would have the same address. */
export const isEmailTaken = (error: unknown) =>
  error instanceof UniqueConstraintError &&
  (error.parent as { constraint?: string }).constraint === "users_email";

/** Runs a transaction; an address that somebody has already throws `email-taken`. */
export const withFreeEmail = <T>(
  { sequelize }: Records,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> =>
  sequelize.transaction(work).catch((error) => {
    throw isEmailTaken(error) ? new AppError("email-taken", { cause: error }) : error;
  });
