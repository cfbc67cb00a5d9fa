import { Op } from "sequelize";
import { AppError } from "../../errors.ts";
import type { PendingPerson } from "../../models/invitation.ts";
import { type Actor, audit } from "../audit.ts";
import { lettersIn } from "../mail/letters.ts";
import type { AccountDeps } from "./deps.ts";
import { createLink, useLink } from "./links.ts";
import { addMember, isEmailTaken, withFreeEmail } from "./members.ts";
import { checkNewPassword } from "./password-rules.ts";

interface NewPerson {
  email: string;
  password: string;
  name: string | null;
  locale: "en" | "ru" | null;
}

/** Open registrations of an address that may wait for their letters at a time. */
const MAX_PENDING = 3;

/**
 * Registers somebody where registration is open. With a mail server the account begins with the link in the letter,
 * so nobody can take an address that isn't theirs; without, at once. Whether the address had an account already can be
 * told neither by the answer nor by its time.
 * @throws AppError `password-too-weak`, `overloaded`
 */
export async function register(
  deps: AccountDeps,
  { email, password, name, locale }: NewPerson,
  { by, origin }: { by: Actor; origin: string },
): Promise<"check-mail" | "sign-in"> {
  checkNewPassword(password, { email, name });
  const passwordHash = await deps.passwords.hash(password);
  const pending: PendingPerson = { passwordHash, name, locale };
  if (!deps.mailer) {
    await addUnlessTaken(deps, { email, pending, by });
    return "sign-in";
  }
  deps.mailer.sendLater(async () => {
    const letters = lettersIn(locale ?? "en");
    if (await deps.records.User.count({ where: { email } }))
      return { to: email, letter: letters.alreadyRegistered(origin) };
    const waiting = { purpose: "verify-email", email, userId: null, usedAt: null } as const;
    const newest = { where: waiting, order: [["createdAt", "DESC"]], offset: MAX_PENDING - 1 } as never;
    const tooMany = await deps.records.OneTimeToken.findAll(newest);
    await deps.records.OneTimeToken.destroy({ where: { hash: tooMany.map(({ hash }) => hash) } });
    const token = await createLink(deps, { purpose: "verify-email", email, payload: pending });
    return { to: email, letter: letters.verify(`${origin}/verify#${token}`) };
  });
  return "check-mail";
}

async function addUnlessTaken(
  { records }: AccountDeps,
  { email, pending, by }: { email: string; pending: PendingPerson; by: Actor },
): Promise<void> {
  const member = { ...pending, email, role: "user" as const, isVerified: false };
  await records.sequelize
    .transaction((transaction) => addMember(records, member, by, transaction))
    .catch((error) => {
      if (!isEmailTaken(error)) throw error;
    });
}

/**
 * Confirms an address by the link in a letter: a registration becomes an account, or an account has its new address.
 * @throws AppError `link-not-valid`, `email-taken`
 */
export async function verifyEmail(deps: AccountDeps, token: string, by: Actor): Promise<string> {
  const { records } = deps;
  return withFreeEmail(records, async (transaction) => {
    const { userId, email, payload } = await useLink(deps, "verify-email", token, transaction);
    if (!email) throw new AppError("link-not-valid");
    if (userId) await changeAddress(deps, { userId, email }, { by, transaction });
    else if (payload) {
      await addMember(records, { ...payload, email, role: "user", isVerified: true }, by, transaction);
      const others = { purpose: "verify-email", email, userId: null } as const;
      await records.OneTimeToken.destroy({ where: { ...others, usedAt: null }, transaction });
    }
    return email;
  });
}

async function changeAddress(
  { records, mailer }: AccountDeps,
  { userId, email }: { userId: string; email: string },
  { by, transaction }: { by: Actor; transaction: Parameters<typeof addMember>[3] },
): Promise<void> {
  const user = await records.User.findOne({ where: { id: userId, disabledAt: null }, transaction });
  const before = user?.email;
  if (!user || !before) throw new AppError("link-not-valid");
  const now = records.sequelize.literal("now()") as never;
  await records.User.update(
    { email, emailVerifiedAt: now, updatedAt: now },
    { where: { id: userId }, transaction },
  );
  const stale = { userId, purpose: { [Op.in]: ["verify-email", "reset-password"] }, usedAt: null } as never;
  await records.OneTimeToken.destroy({ where: stale, transaction });
  const details = { email, before };
  await audit(records, { action: "auth.email-verified", subjectId: userId, details, by }, transaction);
  transaction.afterCommit(() =>
    mailer?.sendLater(async () => ({
      to: before,
      letter: lettersIn(user.locale ?? "en").addressChanged(email),
    })),
  );
}
