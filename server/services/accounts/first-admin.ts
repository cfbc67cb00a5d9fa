import { literal, Op, QueryTypes, type Transaction } from "sequelize";
import type { Records } from "../../models/records.ts";
import { LOCAL_USER_ID, type User } from "../../models/user.ts";
import { type Actor, audit, SERVER } from "../audit.ts";
import type { AccountDeps } from "./deps.ts";

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
export async function becomeFirstAdmin(
  records: Records,
  fields: { email: string; passwordHash: string; name: string | null; locale: "en" | "ru" | null },
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

/** Makes the administrator of the settings, unless there is one. Several processes may do so at once. */
export async function ensureFirstAdmin(
  { records, passwords }: Pick<AccountDeps, "records" | "passwords">,
  { email, password }: { email: string; password: string },
): Promise<User | null> {
  if (!(await isFirstRun(records))) return null;
  const passwordHash = await passwords.hash(password);
  const fields = { email: email.toLowerCase(), passwordHash, name: null, locale: null };
  return records.sequelize.transaction(async (transaction) => {
    await lockAccounts(records, transaction);
    return becomeFirstAdmin(records, fields, SERVER, transaction);
  });
}
