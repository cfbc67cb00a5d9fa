import { Op, type Transaction } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";

/** Somebody who can sign in and administer the server. */
const ACTIVE_ADMIN = { role: "admin" as const, email: { [Op.ne]: null }, disabledAt: null };

/**
 * Before an account is deleted, disabled or loses the administrator's role. The caller holds the accounts' lock.
 * @throws AppError `last-admin`
 */
export async function refuseLastAdmin(
  { User }: Records,
  userId: string,
  transaction: Transaction,
): Promise<void> {
  const isAdmin = await User.count({ where: { ...ACTIVE_ADMIN, id: userId }, transaction });
  const others = { ...ACTIVE_ADMIN, id: { [Op.ne]: userId } };
  if (isAdmin && !(await User.count({ where: others, transaction }))) throw new AppError("last-admin");
}
