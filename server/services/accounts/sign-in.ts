import { AppError } from "../../errors.ts";
import type { User } from "../../models/user.ts";
import type { Caller } from "../../policies/caller.ts";
import { type Actor, audit } from "../audit.ts";
import type { AccountDeps } from "./deps.ts";
import { openSession, type SessionTokens } from "./sessions.ts";

/** Who acts, from the moment on which a session is theirs. */
export const inSession = (
  by: Actor,
  { id, role, email }: User,
  { sessionId, accessTokenId }: SessionTokens,
): Actor => {
  const caller: Caller = {
    userId: id,
    role,
    scopes: ["read", "write", "admin"],
    via: "bearer",
    name: email,
    sessionId,
    tokenId: accessTokenId,
    apiKeyId: null,
  };
  return { ...by, caller };
};

/**
 * Opens a session with e-mail address and password. An address that nobody has takes the same time, answers the same
 * and leaves the same record as a wrong password.
 * @throws AppError `sign-in-failed`, `account-disabled` (with the right password only), `rate-limited`, `overloaded`
 */
export async function signIn(
  deps: AccountDeps,
  { email, password }: { email: string; password: string },
  by: Actor,
): Promise<{ user: User; tokens: SessionTokens }> {
  const { records, passwords, guard } = deps;
  const attempt = { email, address: by.address };
  await guard.guardSignIn(attempt);
  const known = await records.User.unscoped().findOne({ where: { email } });
  const kept = known?.passwordHash ?? null;
  if (!(await passwords.verify(kept, password))) {
    await audit(records, { action: "auth.sign-in-failed", details: { email }, by });
    throw new AppError("sign-in-failed");
  }
  if (known!.disabledAt) {
    await audit(records, { action: "auth.sign-in-failed", details: { email, disabled: true }, by });
    throw new AppError("account-disabled");
  }
  const passwordHash = passwords.isOutdated(kept!) ? await passwords.hash(password) : kept!;
  const signedIn = await records.sequelize.transaction(async (transaction) => {
    // The password may have been changed, or the account disabled, since it was read.
    const [, [user]] = await records.User.update(
      { passwordHash },
      { where: { id: known!.id, passwordHash: kept, disabledAt: null }, returning: true, transaction },
    );
    if (!user) return null;
    const tokens = await openSession(deps, user.id, by, transaction);
    await audit(
      records,
      { action: "auth.signed-in", subjectId: user.id, by: inSession(by, user, tokens) },
      transaction,
    );
    return { user, tokens };
  });
  if (!signedIn) throw new AppError("sign-in-failed");
  await guard.signInSucceeded(attempt);
  return signedIn;
}
