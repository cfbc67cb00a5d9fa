import { literal, Op } from "sequelize";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import type { ApiKeyQuery, CreateApiKey } from "../contract/api-key.ts";
import { AppError } from "../errors.ts";
import { inSeconds } from "../models/generation-state.ts";
import type { ApiKey } from "../models/keys.ts";
import type { Records } from "../models/records.ts";
import type { User } from "../models/user.ts";
import type { Caller } from "../policies/caller.ts";
import { hashOf, isWellFormedApiKey, newApiKeyText, prefixOf } from "./api-key-text.ts";
import { type Actor, audit } from "./audit.ts";
import { listNewest } from "./paging.ts";

/** Keys that one user may have, those that have expired too. */
const MAX_PER_USER = 50;
const DAY_SECONDS = 86_400;
/** The time of the last use is exact to so many seconds. */
const USED_STEP_SECONDS = 60;

/**
 * Makes a key for the caller; its text is in the answer only.
 * @throws AppError `not-allowed` for the scope of administrators, `api-key-limit`
 */
export async function createApiKey(
  records: Records,
  { userId, role }: Pick<Caller, "userId" | "role">,
  { name, scopes, expiresInDays }: z.output<typeof CreateApiKey>,
  by: Actor,
): Promise<{ key: ApiKey; text: string }> {
  if (scopes.includes("admin") && role !== "admin") throw new AppError("not-allowed");
  const text = newApiKeyText();
  const id = newId();
  await records.sequelize.transaction(async (transaction) => {
    await records.User.findByPk(userId, { transaction, lock: transaction.LOCK.UPDATE });
    const count = await records.ApiKey.count({ where: { userId, revokedAt: null }, transaction });
    if (count >= MAX_PER_USER) throw new AppError("api-key-limit");
    const expiresAt = (expiresInDays ? inSeconds(expiresInDays * DAY_SECONDS) : null) as Date | null;
    const kept = { name, scopes, prefix: prefixOf(text), hash: hashOf(text), expiresAt };
    await records.ApiKey.create({ id, userId, ...kept }, { transaction });
    const details = { name, prefix: kept.prefix, scopes, expiresInDays: expiresInDays ?? null };
    await audit(records, { action: "api-key.created", subjectId: id, details, by }, transaction);
  });
  const key = await records.ApiKey.findByPk(id, { rejectOnEmpty: true });
  return { key, text };
}

/** The keys of a user that were not revoked, the newest first. */
export const listApiKeys = (records: Records, userId: string, query: z.output<typeof ApiKeyQuery>) =>
  listNewest(records.ApiKey, query, { where: { userId, revokedAt: null } });

/** From the next request on the key opens nothing. Throws `not-found`, also for another user's. */
export async function revokeApiKey(records: Records, userId: string, id: string, by: Actor): Promise<void> {
  await records.sequelize.transaction(async (transaction) => {
    const [, [key]] = await records.ApiKey.update(
      { revokedAt: literal("now()") as never },
      { where: { id, userId, revokedAt: null }, returning: true, transaction },
    );
    if (!key) throw new AppError("not-found");
    const details = { name: key.name, prefix: key.prefix };
    await audit(records, { action: "api-key.revoked", subjectId: id, details, by }, transaction);
  });
}

/**
 * The key of this text with its user, who must neither be disabled nor be the nameless local user; null where there
 * is none. A text with a wrong checksum is refused before the database is asked. Notes the use, at most once a
 * minute and without making the request wait.
 * @throws AppError `api-key-expired`
 */
export async function findApiKey(
  records: Records,
  text: string,
): Promise<{ key: ApiKey; user: User } | null> {
  if (!isWellFormedApiKey(text)) return null;
  const key = await records.ApiKey.findOne({
    where: { hash: hashOf(text), revokedAt: null },
    include: [{ association: "user", where: { disabledAt: null, email: { [Op.ne]: null } } }],
  });
  if (!key?.user) return null;
  if (key.isExpired) throw new AppError("api-key-expired");
  if (Date.now() - (key.lastUsedAt?.getTime() ?? 0) > USED_STEP_SECONDS * 1000) void noteUse(records, key.id);
  return { key, user: key.user };
}

/** Lost where the database is away: the next use says it again. */
async function noteUse(records: Records, id: string): Promise<void> {
  const isDue = literal(
    `last_used_at IS NULL OR last_used_at < now() - interval '${USED_STEP_SECONDS} seconds'`,
  );
  await records.ApiKey.update(
    { lastUsedAt: literal("now()") as never },
    { where: { id, [Op.and]: isDue } },
  ).catch(() => undefined);
}
