import { literal, type Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import { AppError } from "../../errors.ts";
import { inSeconds } from "../../models/generation-state.ts";
import type { RefreshToken } from "../../models/session.ts";
import type { User } from "../../models/user.ts";
import { type Actor, audit } from "../audit.ts";
import { ACCESS_SECONDS } from "./access-tokens.ts";
import type { AccountDeps } from "./deps.ts";
import { revokeSessions } from "./revocations.ts";

/** A session that nobody used for so long ends; the longest one ends in any case. */
const IDLE_SECONDS = 30 * 86_400;
const LONGEST_SECONDS = 180 * 86_400;
/** Longer than an access token is good, whatever the clocks of replicas say. */
const KEPT_SECONDS = ACCESS_SECONDS + 300;
/** A refresh whose answer was lost, or that a second tab asks for, may be repeated for so long. */
const GRACE_SECONDS = 60;

/** What a signed-in client holds. */
export interface SessionTokens {
  sessionId: string;
  accessToken: string;
  accessTokenId: string;
  refreshToken: string;
  /** How long the refresh token is good unless it is used. */
  refreshSeconds: number;
}

type Origin = Pick<Actor, "address" | "userAgent">;
type Deps = Pick<AccountDeps, "records" | "accessTokens" | "secretTokens" | "revocations">;

/** A new session of a user on one device, in the transaction that proved the right to it. */
export async function openSession(
  deps: Deps,
  userId: string,
  { address, userAgent }: Origin,
  transaction: Transaction,
): Promise<SessionTokens> {
  const id = newId();
  const expiresAt = inSeconds(IDLE_SECONDS) as never;
  const { User, Session } = deps.records;
  await User.update({ lastSignInAt: literal("now()") as never }, { where: { id: userId }, transaction });
  await Session.create({ id, userId, address, userAgent, expiresAt }, { transaction });
  return addTokens(deps, { userId, sessionId: id, parentHash: null }, transaction);
}

async function addTokens(
  { records, accessTokens, secretTokens }: Deps,
  { userId, sessionId, parentHash }: { userId: string; sessionId: string; parentHash: Buffer | null },
  transaction: Transaction,
): Promise<SessionTokens> {
  const { token: refreshToken, hash } = secretTokens.create();
  const accessTokenId = newId();
  const accessExpiresAt = inSeconds(KEPT_SECONDS) as never;
  await records.RefreshToken.create(
    { hash, sessionId, parentHash, accessJti: accessTokenId, accessExpiresAt },
    { transaction },
  );
  const accessToken = await accessTokens.sign({ userId, sessionId, tokenId: accessTokenId });
  return { sessionId, accessToken, accessTokenId, refreshToken, refreshSeconds: IDLE_SECONDS };
}

/**
 * Exchanges a refresh token for the next ones. Each is good once; one that comes again after its successor was used,
 * or after the grace, has been stolen from somebody: the whole session ends. Source: RFC 9700, 4.14.2
 * @throws AppError `token-invalid`
 */
export async function rotateSession(
  deps: Deps,
  refreshToken: string,
  by: Actor,
): Promise<{ user: User; tokens: SessionTokens }> {
  const outcome = await deps.records.sequelize.transaction((transaction) =>
    rotate(deps, deps.secretTokens.hash(refreshToken), by, transaction),
  );
  if (outcome) return outcome;
  throw new AppError("token-invalid");
}

/** Null where the token is no good; that the session ended for it must then stay. */
async function rotate(deps: Deps, hash: Buffer, by: Actor, transaction: Transaction) {
  const { Session, RefreshToken, User } = deps.records;
  const known = await RefreshToken.findByPk(hash, { transaction });
  if (!known) return null;
  // Refreshes of a session happen one after the other.
  const session = await Session.findOne({
    where: { id: known.sessionId, revokedAt: null },
    attributes: ["id", "userId", [literal("expires_at > now()"), "isAlive"]],
    lock: transaction.LOCK.UPDATE,
    transaction,
  });
  if (!session?.get("isAlive")) return null;
  const user = await User.findOne({ where: { id: session.userId, disabledAt: null }, transaction });
  if (!user) return null;
  const parentHash = await successorOf(deps, known, transaction);
  if (!parentHash) {
    const which = { userId: user.id, sessionId: session.id };
    const { tokens } = await revokeSessions(deps.records, which, "reuse", transaction);
    await deps.revocations.add(tokens);
    await audit(deps.records, { action: "auth.refresh-reused", subjectId: user.id, by }, transaction);
    return null;
  }
  await Session.update(
    {
      lastUsedAt: literal("now()") as never,
      expiresAt: literal(
        `least(now() + interval '${IDLE_SECONDS} seconds', created_at + interval '${LONGEST_SECONDS} seconds')`,
      ) as never,
      ...(by.address && { address: by.address }),
      ...(by.userAgent && { userAgent: by.userAgent }),
    },
    { where: { id: session.id }, transaction },
  );
  const place = { userId: user.id, sessionId: session.id, parentHash };
  return { user, tokens: await addTokens(deps, place, transaction) };
}

/**
 * The hash that the next token of the chain follows, null where this token was used up before. Tokens that follow
 * the same one are copies of each other, made within the grace: the first use counts for all.
 */
async function successorOf(
  { records }: Deps,
  token: RefreshToken,
  transaction: Transaction,
): Promise<Buffer | null> {
  const { RefreshToken } = records;
  const { sessionId, parentHash } = token;
  const copies = await RefreshToken.findAll({
    where: { sessionId, parentHash },
    attributes: [
      "hash",
      "usedAt",
      [literal(`used_at > now() - interval '${GRACE_SECONDS} seconds'`), "isFresh"],
    ],
    transaction,
  });
  const used = copies.find(({ usedAt }) => usedAt);
  if (!used) {
    await RefreshToken.update(
      { usedAt: literal("now()") as never },
      { where: { hash: token.hash }, transaction },
    );
    return token.hash;
  }
  const next = await RefreshToken.findAll({ where: { sessionId, parentHash: used.hash }, transaction });
  return used.get("isFresh") && next.every(({ usedAt }) => !usedAt) ? used.hash : null;
}
