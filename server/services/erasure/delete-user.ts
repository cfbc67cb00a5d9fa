import { literal } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import { lockAccounts } from "../accounts/first-admin.ts";
import { refuseLastAdmin } from "../accounts/last-admin.ts";
import { type Revocations, revokeSessions } from "../accounts/revocations.ts";
import { type Actor, audit } from "../audit.ts";
import { eraseRows } from "./erase-rows.ts";
import { forgetPerson } from "./forget-person.ts";

interface Deps {
  records: Records;
  revocations: Revocations;
}

/**
 * Deletes an account with everything of it, at once for everybody who looks: sign-in, keys, links, models. Bytes, and
 * work that is being sent to a provider at this moment, follow within minutes (`finishErasures`), also after a crash.
 * @throws AppError `not-found`, `last-admin`
 */
export async function deleteUser({ records, revocations }: Deps, userId: string, by: Actor): Promise<void> {
  const { sequelize, User, OneTimeToken } = records;
  const tokens = await sequelize.transaction(async (transaction) => {
    await lockAccounts(records, transaction);
    const user = await User.findOne({ where: { id: userId, deletedAt: null }, transaction });
    if (!user?.email) throw new AppError("not-found");
    await refuseLastAdmin(records, userId, transaction);
    const now = literal("now()") as never;
    const nobody = { email: null, name: null, passwordHash: null, locale: null, lastSignInAt: null };
    await User.update(
      { ...nobody, deletedAt: now, disabledAt: now, updatedAt: now },
      { where: { id: userId }, transaction },
    );
    await OneTimeToken.destroy({ where: { email: user.email }, transaction });
    const ended = await revokeSessions(records, { userId }, "deleted", transaction);
    await eraseRows(records, userId, transaction);
    const details = { role: user.role };
    await audit(records, { action: "user.deleted", subjectId: userId, details, by }, transaction);
    await forgetPerson(records, { userId, email: user.email }, transaction);
    return ended.tokens;
  });
  await revocations.add(tokens);
}
