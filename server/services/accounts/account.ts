import { literal } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { User } from "../../models/user.ts";
import type { Caller } from "../../policies/caller.ts";
import { type Actor, audit } from "../audit.ts";
import { lettersIn } from "../mail/letters.ts";
import type { AccountDeps } from "./deps.ts";
import { createLink } from "./links.ts";
import { withFreeEmail } from "./members.ts";
import { checkNewPassword } from "./password-rules.ts";
import { setPassword, tellOfChange } from "./recover.ts";
import { revokeSessions } from "./revocations.ts";

/** Throws `not-found`. */
export async function findAccount({ User }: Records, id: string): Promise<User> {
  const user = await User.findByPk(id);
  if (!user) throw new AppError("not-found");
  return user;
}

/**
 * A user with the password that they gave again; a wrong one is on record, for a session may be in other hands.
 * @throws AppError `password-wrong`, `rate-limited`, `overloaded`
 */
export async function proveOwner(
  { records, passwords, guard }: AccountDeps,
  userId: string,
  password: string,
  by: Actor,
): Promise<User> {
  const user = await records.User.unscoped().findByPk(userId);
  if (!user?.email) throw new AppError("accounts-off");
  const attempt = { email: user.email, address: by.address };
  await guard.guardSignIn(attempt);
  if (!(await passwords.verify(user.passwordHash, password))) {
    const details = { email: user.email };
    await audit(records, { action: "auth.sign-in-failed", subjectId: userId, details, by });
    throw new AppError("password-wrong");
  }
  await guard.signInSucceeded(attempt);
  return user;
}

interface AccountChanges {
  name?: string | null;
  locale?: "en" | "ru" | null;
  email?: string;
  currentPassword?: string;
}

/**
 * Changes one's own account. A new address counts at once where no letter can be sent to it, else it waits for its
 * letter and is answered as `pendingEmail`; whether somebody has it already is not told then.
 * @throws AppError `password-wrong`, `email-taken`, `rate-limited`, `overloaded`
 */
export async function updateAccount(
  deps: AccountDeps,
  caller: Caller,
  { email, currentPassword = "", ...changes }: AccountChanges,
  { by, origin }: { by: Actor; origin: string },
): Promise<{ user: User; pendingEmail: string | null }> {
  const { records, mailer } = deps;
  const { userId } = caller;
  const before = await findAccount(records, userId);
  const isMoving = email !== undefined && email !== before.email;
  if (isMoving) await proveOwner(deps, userId, currentPassword, by);
  const values = { ...changes, ...(isMoving && !mailer && { email, emailVerifiedAt: null }) };
  const changed = Object.keys(values).filter((name) => name !== "emailVerifiedAt" && name !== "locale");
  await withFreeEmail(records, async (transaction) => {
    const updatedAt = literal("now()") as never;
    await records.User.update({ ...values, updatedAt }, { where: { id: userId }, transaction });
    const details = { changed, ...(values.email && { email, before: before.email }) };
    if (changed.length > 0)
      await audit(records, { action: "user.changed", subjectId: userId, details, by }, transaction);
  });
  if (isMoving) mailer?.sendLater(() => confirmAddress(deps, before, email, origin));
  return { user: await findAccount(records, userId), pendingEmail: isMoving && mailer ? email : null };
}

async function confirmAddress(deps: AccountDeps, user: User, email: string, origin: string) {
  if (await deps.records.User.count({ where: { email } })) return null;
  const token = await createLink(deps, { purpose: "verify-email", userId: user.id, email });
  return { to: email, letter: lettersIn(user.locale ?? "en").changeAddress(`${origin}/verify#${token}`) };
}

/**
 * Changes one's own password and ends all other sessions.
 * @throws AppError `password-wrong`, `password-too-weak`, `rate-limited`, `overloaded`
 */
export async function changePassword(
  deps: AccountDeps,
  { userId, sessionId }: Caller,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
  { by, origin }: { by: Actor; origin: string },
): Promise<void> {
  const { records } = deps;
  const user = await proveOwner(deps, userId, currentPassword, by);
  checkNewPassword(newPassword, { email: user.email!, name: user.name });
  const passwordHash = await deps.passwords.hash(newPassword);
  const tokens = await records.sequelize.transaction(async (transaction) => {
    await setPassword(deps, user, passwordHash, { isVerified: false, transaction });
    const others = { userId, exceptSessionId: sessionId };
    const ended = await revokeSessions(records, others, "password", transaction);
    const details = { otherSessions: ended.sessions };
    await audit(records, { action: "auth.password-changed", subjectId: userId, details, by }, transaction);
    return ended.tokens;
  });
  await deps.revocations.add(tokens);
  tellOfChange(deps, user, origin);
}
