import { literal, Op } from "sequelize";
import { AppError } from "../../errors.ts";
import type { Records } from "../../models/records.ts";
import type { Session } from "../../models/session.ts";
import { type Actor, audit } from "../audit.ts";
import type { AccountDeps } from "./deps.ts";
import { revokeSessions } from "./revocations.ts";

const MAX_LISTED = 100;

/** The sessions of a user that are alive, the last used first. */
export const listSessions = ({ Session }: Records, userId: string): Promise<Session[]> =>
  Session.findAll({
    where: { userId, revokedAt: null, expiresAt: { [Op.gt]: literal("now()") as never } },
    order: [
      ["lastUsedAt", "DESC"],
      ["id", "DESC"],
    ],
    limit: MAX_LISTED,
  });

/** Ends one session of a user. Throws `not-found`, also for another user's. */
export async function revokeSession(
  { records, revocations }: Pick<AccountDeps, "records" | "revocations">,
  { userId, sessionId }: { userId: string; sessionId: string },
  by: Actor,
): Promise<void> {
  const tokens = await records.sequelize.transaction(async (transaction) => {
    const ended = await revokeSessions(records, { userId, sessionId }, "logout", transaction);
    if (ended.sessions === 0) throw new AppError("not-found");
    await audit(records, { action: "auth.session-revoked", subjectId: sessionId, by }, transaction);
    return ended.tokens;
  });
  await revocations.add(tokens);
}
