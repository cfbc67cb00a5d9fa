import { literal, Op, type WhereOptions } from "sequelize";
import type { z } from "zod";
import type { Role } from "../../contract/access.ts";
import type { UserQuery } from "../../contract/user.ts";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { User } from "../../models/user.ts";
import { type Actor, audit } from "../audit.ts";
import { listNewest } from "../paging.ts";
import type { AccountDeps } from "./deps.ts";
import { lockAccounts } from "./first-admin.ts";
import { refuseLastAdmin } from "./last-admin.ts";
import { voidLinksMadeBy, voidResets } from "./links.ts";
import { revokeSessions } from "./revocations.ts";

/** People who can have a sign-in; not the nameless local user, nor whoever is being erased. */
const MEMBERS = { email: { [Op.ne]: null }, deletedAt: null } satisfies WhereOptions<User>;

const asPattern = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** The newest first. */
export function listUsers({ User }: Records, { q, ...query }: z.output<typeof UserQuery>) {
  const found = q && {
    [Op.or]: ["email", "name"].map((field) => ({ [field]: { [Op.iLike]: asPattern(q) } })),
  };
  return listNewest(User, query, { where: { ...MEMBERS, ...found } });
}

/** Throws `not-found`. */
export async function findUser({ User }: Records, id: string): Promise<User> {
  const user = await User.findOne({ where: { ...MEMBERS, id } });
  if (!user) throw new AppError("not-found");
  return user;
}

/**
 * Changes a member's role or name, or turns the account off or on, at once for requests that come after. The links that
 * a former administrator made do nothing any more.
 * @throws AppError `not-found`, `last-admin`
 */
export async function updateUser(
  { records, revocations }: Pick<AccountDeps, "records" | "revocations">,
  id: string,
  { disabled, ...fields }: { role?: Role; disabled?: boolean; name?: string | null },
  by: Actor,
): Promise<User> {
  if (disabled === undefined && Object.keys(fields).length === 0) return findUser(records, id);
  const tokens = await records.sequelize.transaction(async (transaction) => {
    await lockAccounts(records, transaction);
    const before = await records.User.findOne({ where: { ...MEMBERS, id }, transaction });
    if (!before) throw new AppError("not-found");
    const losesRole = fields.role !== undefined && fields.role !== "admin";
    if (losesRole || disabled) await refuseLastAdmin(records, id, transaction);
    const now = literal("now()") as never;
    const disabledAt = disabled ? (literal("coalesce(disabled_at, now())") as never) : null;
    await records.User.update(
      { ...fields, updatedAt: now, ...(disabled !== undefined && { disabledAt }) },
      { where: { id }, transaction },
    );
    const details = { ...fields, ...(disabled !== undefined && { disabled }), roleBefore: before.role };
    await audit(records, { action: "user.changed", subjectId: id, details, by }, transaction);
    if (losesRole || disabled) await voidLinksMadeBy({ records }, id, transaction);
    if (!disabled) return [];
    await voidResets({ records }, id, transaction);
    return (await revokeSessions(records, { userId: id }, "admin", transaction)).tokens;
  });
  await revocations.add(tokens);
  return findUser(records, id);
}
