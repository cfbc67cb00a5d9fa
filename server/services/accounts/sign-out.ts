import type { Caller } from "../../policies/caller.ts";
import { type Actor, audit } from "../audit.ts";
import type { AccountDeps } from "./deps.ts";
import { revokeSessions } from "./revocations.ts";

type Deps = Pick<AccountDeps, "records" | "accessTokens" | "secretTokens" | "revocations">;

/** Ends the session that either token belongs to, even if the access token has expired; no session is no error. */
export async function signOut(
  deps: Deps,
  given: { accessToken: string | null; refreshToken: string | null },
  by: Actor,
): Promise<void> {
  const { records } = deps;
  const sessionId = await sessionOf(deps, given);
  if (!sessionId) return;
  const session = await records.Session.findOne({ where: { id: sessionId, revokedAt: null } });
  const user = session && (await records.User.findByPk(session.userId));
  if (!session || !user) return;
  const caller: Caller = {
    userId: user.id,
    role: user.role,
    scopes: [],
    via: "bearer",
    name: user.email,
    sessionId,
    tokenId: null,
    apiKeyId: null,
  };
  const tokens = await records.sequelize.transaction(async (transaction) => {
    const ended = await revokeSessions(records, { userId: user.id, sessionId }, "logout", transaction);
    const entry = { action: "auth.signed-out", subjectId: user.id, by: { ...by, caller } } as const;
    await audit(records, entry, transaction);
    return ended.tokens;
  });
  await deps.revocations.add(tokens);
}

async function sessionOf(
  { records, accessTokens, secretTokens }: Deps,
  { accessToken, refreshToken }: { accessToken: string | null; refreshToken: string | null },
): Promise<string | null> {
  if (refreshToken) {
    const known = await records.RefreshToken.findByPk(secretTokens.hash(refreshToken));
    if (known) return known.sessionId;
  }
  if (!accessToken) return null;
  return accessTokens.verify(accessToken).then(
    ({ sessionId }) => sessionId,
    () => null,
  );
}

/** Ends all sessions of a user. */
export async function signOutEverywhere(
  { records, revocations }: Deps,
  userId: string,
  by: Actor,
): Promise<void> {
  const tokens = await records.sequelize.transaction(async (transaction) => {
    const ended = await revokeSessions(records, { userId }, "everywhere", transaction);
    const details = { sessions: ended.sessions };
    await audit(
      records,
      { action: "auth.signed-out-everywhere", subjectId: userId, details, by },
      transaction,
    );
    return ended.tokens;
  });
  await revocations.add(tokens);
}
