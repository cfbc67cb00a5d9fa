import { literal, Op, QueryTypes, type Transaction } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import { LOCAL_USER_ID, type User } from "../../models/user.ts";
import { type Actor, audit, SERVER } from "../audit.ts";
import type { AccountDeps } from "./deps.ts";
import { createLink, readLink, useLink } from "./links.ts";
import { checkNewPassword } from "./password-rules.ts";
import { openSession, type SessionTokens } from "./sessions.ts";
import { inSession } from "./sign-in.ts";

const ACCOUNTS_LOCK = 7_310_309_500;

/** Held while the number of administrators may change, so that there is never none and never two first ones. */
export const lockAccounts = ({ sequelize }: Records, transaction: Transaction) =>
  sequelize.query("SELECT pg_advisory_xact_lock($1)", {
    type: QueryTypes.SELECT,
    bind: [ACCOUNTS_LOCK],
    transaction,
  });

/** Whether nobody can sign in yet. The last active administrator can't go, so this is true at the beginning only. */
export const isFirstRun = async ({ User }: Records, transaction?: Transaction): Promise<boolean> =>
  !(await User.findOne({ where: { email: { [Op.ne]: null } }, attributes: ["id"], transaction }));

/**
 * Makes the local user, to whom everything belongs so far, the first administrator; null where there is somebody
 * already. The caller holds the accounts' lock.
 */
async function becomeFirstAdmin(
  records: Records,
  fields: Pick<User, "email" | "passwordHash" | "name" | "locale">,
  by: Actor,
  transaction: Transaction,
): Promise<User | null> {
  if (!(await isFirstRun(records, transaction))) return null;
  const now = literal("now()") as never;
  const times = { createdAt: now, updatedAt: now, emailVerifiedAt: now, passwordChangedAt: now };
  const values = { ...fields, role: "admin" as const, disabledAt: null, ...times };
  const [, [changed]] = await records.User.update(values, {
    where: { id: LOCAL_USER_ID, email: null },
    returning: true,
    transaction,
  });
  const user =
    changed ??
    (await records.User.create({ id: LOCAL_USER_ID, ...values }, { returning: true, transaction }));
  const details = { email: user.email, role: user.role, first: true };
  await audit(records, { action: "user.created", subjectId: user.id, details, by }, transaction);
  return user;
}

/**
 * Makes the administrator of the settings, unless there is one. Several processes may do so at once.
 * @throws Error in words for people where the password is easily guessed
 */
export async function ensureFirstAdmin(
  { records, passwords }: Pick<AccountDeps, "records" | "passwords">,
  { email, password }: { email: string; password: string },
): Promise<User | null> {
  if (!(await isFirstRun(records))) return null;
  const fields = { email: email.toLowerCase(), name: null, locale: null };
  try {
    checkNewPassword(password, fields);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new Error(`ADMIN_PASSWORD is easily guessed. ${cause.detail.en} Choose another one.`, { cause });
  }
  const passwordHash = await passwords.hash(password);
  return records.sequelize.transaction(async (transaction) => {
    await lockAccounts(records, transaction);
    return becomeFirstAdmin(records, { ...fields, passwordHash }, SERVER, transaction);
  });
}

/**
 * The token of a new link for the first administrator; null where there is one, and then no earlier link is left. Of
 * processes that start together each tells its own link, so that all of them are good.
 */
export const createFirstAdminLink = (deps: Pick<AccountDeps, "records" | "secretTokens">) =>
  deps.records.sequelize.transaction(async (transaction) => {
    await lockAccounts(deps.records, transaction);
    if (await isFirstRun(deps.records, transaction)) {
      return createLink(deps, { purpose: "first-admin" }, { transaction });
    }
    await deps.records.OneTimeToken.destroy({ where: { purpose: "first-admin" }, transaction });
    return null;
  });

/**
 * Whoever has the link from the log becomes the first administrator and is signed in; of several at once only one.
 * @throws AppError `link-not-valid`, `password-too-weak`, `overloaded`
 */
export async function claimFirstAdmin(
  deps: AccountDeps,
  {
    token,
    password,
    ...fields
  }: Pick<User, "name" | "locale"> & Record<"token" | "email" | "password", string>,
  by: Actor,
): Promise<{ user: User; tokens: SessionTokens }> {
  const { records } = deps;
  await readLink(deps, "first-admin", token);
  checkNewPassword(password, fields);
  const passwordHash = await deps.passwords.hash(password);
  return records.sequelize.transaction(async (transaction) => {
    await lockAccounts(records, transaction);
    await useLink(deps, "first-admin", token, transaction);
    const user = await becomeFirstAdmin(records, { ...fields, passwordHash }, by, transaction);
    if (!user) throw new AppError("link-not-valid");
    const tokens = await openSession(deps, user.id, by, transaction);
    const entry = { action: "auth.signed-in", subjectId: user.id, by: inSession(by, user, tokens) } as const;
    await audit(records, entry, transaction);
    return { user, tokens };
  });
}
