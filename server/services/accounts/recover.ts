import { literal, Op } from "sequelize";
import { AppError } from "../../errors.ts";
import type { User } from "../../models/user.ts";
import { type Actor, audit } from "../audit.ts";
import { lettersIn } from "../mail/letters.ts";
import type { AccountDeps } from "./deps.ts";
import { createLink, HANDED_LINK_SECONDS, readLink, useLink, voidResets } from "./links.ts";
import { checkNewPassword } from "./password-rules.ts";
import { revokeSessions } from "./revocations.ts";

/** Sends the owner of an address a link for a new password; for others nothing happens, and nobody can tell. */
export function askForReset(deps: AccountDeps, email: string, origin: string): void {
  deps.mailer?.sendLater(async () => {
    const user = await deps.records.User.findOne({ where: { email, disabledAt: null } });
    if (!user) return null;
    const token = await createLink(deps, { purpose: "reset-password", userId: user.id, email });
    return { to: email, letter: lettersIn(user.locale ?? "en").reset(`${origin}/reset#${token}`) };
  });
}

/** A link for a new password that an administrator passes on by hand. Throws `not-found`. */
export async function createResetLink(
  deps: Pick<AccountDeps, "records" | "secretTokens">,
  userId: string,
  { by, origin }: { by: Actor; origin: string },
): Promise<{ url: string; expiresAt: Date }> {
  const { records } = deps;
  return records.sequelize.transaction(async (transaction) => {
    const user = await records.User.findOne({ where: { id: userId, email: { [Op.ne]: null } }, transaction });
    if (!user) throw new AppError("not-found");
    const createdBy = by.caller?.userId ?? null;
    const fields = { purpose: "reset-password", userId, createdBy } as const;
    const token = await createLink(deps, fields, { seconds: HANDED_LINK_SECONDS, transaction });
    await audit(records, { action: "auth.reset-link-made", subjectId: userId, by }, transaction);
    return {
      url: `${origin}/reset#${token}`,
      expiresAt: new Date(Date.now() + HANDED_LINK_SECONDS * 1000),
    };
  });
}

/**
 * Sets a new password by a link, and ends all sessions.
 * @throws AppError `link-not-valid`, `password-too-weak`, `overloaded`
 */
export async function resetPassword(
  deps: AccountDeps,
  { token, password }: { token: string; password: string },
  { by, origin }: { by: Actor; origin: string },
): Promise<void> {
  const { records, mailer } = deps;
  const { userId } = await readLink(deps, "reset-password", token);
  const known = userId ? await records.User.findByPk(userId) : null;
  if (!known?.email) throw new AppError("link-not-valid");
  checkNewPassword(password, { email: known.email, name: known.name });
  const passwordHash = await deps.passwords.hash(password);
  const tokens = await records.sequelize.transaction(async (transaction) => {
    const link = await useLink(deps, "reset-password", token, transaction);
    await setPassword(deps, known, passwordHash, { isVerified: link.email !== null, transaction });
    const ended = await revokeSessions(records, { userId: known.id }, "password", transaction);
    await audit(records, { action: "auth.password-reset", subjectId: known.id, by }, transaction);
    return ended.tokens;
  });
  await deps.revocations.add(tokens);
  tellOfChange({ mailer }, known, origin);
}

/** Writes the hash of a new password; earlier links for one do nothing from then on. */
export async function setPassword(
  { records }: Pick<AccountDeps, "records">,
  { id }: Pick<User, "id">,
  passwordHash: string,
  { isVerified, transaction }: { isVerified: boolean; transaction: Parameters<typeof voidResets>[2] },
): Promise<void> {
  const now = literal("now()") as never;
  const times = { passwordChangedAt: now, updatedAt: now };
  const verified = { emailVerifiedAt: literal("coalesce(email_verified_at, now())") as never };
  await records.User.update(
    { passwordHash, ...times, ...(isVerified && verified) },
    { where: { id, email: { [Op.ne]: null } }, transaction },
  );
  await voidResets({ records }, id, transaction);
}

/** So that somebody whose password another person changed knows. */
export function tellOfChange({ mailer }: Pick<AccountDeps, "mailer">, user: User, origin: string): void {
  const { email, locale } = user;
  if (email)
    mailer?.sendLater(async () => ({ to: email, letter: lettersIn(locale ?? "en").passwordChanged(origin) }));
}
