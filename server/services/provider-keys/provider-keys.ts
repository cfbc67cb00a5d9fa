import { literal } from "sequelize";
import { v7 as newId } from "uuid";
import type { ProviderId } from "../../contract/provider.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import type { ProviderKey } from "../../models/keys.ts";
import { takePermits } from "../../models/provider-permits.ts";
import type { Records } from "../../models/records.ts";
import type { Provider } from "../../providers/provider.ts";
import { hideForNow } from "../../redact.ts";
import { type Actor, audit } from "../audit.ts";
import type { Vault } from "../vault/vault.ts";
import { contextOf } from "./own-keys.ts";

interface Deps {
  records: Records;
  vault: Vault;
  providers: ReadonlyMap<ProviderId, Provider>;
}

const CHECK_TIMEOUT_MS = 8000;
/** What the provider says of a key that it does not take. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(["provider-unauthorized", "provider-forbidden"]);

/** A user's keys without the keys. */
export const listProviderKeys = (records: Records, userId: string): Promise<ProviderKey[]> =>
  records.ProviderKey.findAll({ where: { userId }, order: ["provider"] });

/**
 * Keeps a user's own key of a provider once the provider has said that it is one; it replaces the one before it.
 * @throws AppError `not-found`, `provider-key-refused`, `provider-key-unchecked`
 */
export async function saveProviderKey(
  { records, vault, providers }: Deps,
  { userId, provider: id, key }: { userId: string; provider: ProviderId; key: string },
  by: Actor,
): Promise<ProviderKey> {
  hideForNow(key);
  const provider = providers.get(id)?.withKey?.(key);
  if (!provider) throw new AppError("not-found");
  await check(records, provider);
  return records.sequelize.transaction(async (transaction) => {
    // One at a time for each user: a key that is not there yet can't be locked.
    await records.User.findByPk(userId, { transaction, lock: transaction.LOCK.UPDATE });
    const known = await records.ProviderKey.findOne({ where: { userId, provider: id }, transaction });
    const place = { id: known?.id ?? newId(), userId, version: (known?.version ?? 0) + 1 };
    const now = literal("now()") as never;
    const [saved] = await records.ProviderKey.upsert(
      {
        ...place,
        provider: id,
        ...vault.seal(key, contextOf(place)),
        lastFour: key.slice(-4),
        checkedAt: now,
        updatedAt: now,
      },
      { transaction },
    );
    const details = { provider: id, lastFour: key.slice(-4), isReplaced: known !== null };
    await audit(records, { action: "provider-key.saved", subjectId: place.id, details, by }, transaction);
    return saved;
  });
}

/** Asks the provider for the balance behind a key: free, and answered only to a key that it knows. */
async function check(records: Records, provider: Provider): Promise<void> {
  const { granted, retryAfterSeconds } = await takePermits(records, provider.id, { kind: "read", wanted: 1 });
  if (granted === 0) throw new AppError("provider-key-unchecked", { retryAfterSeconds });
  try {
    await provider.balance(AbortSignal.timeout(CHECK_TIMEOUT_MS), 0);
  } catch (cause) {
    const isRefused = cause instanceof AppError && REFUSALS.has(cause.code);
    throw new AppError(isRefused ? "provider-key-refused" : "provider-key-unchecked", { cause });
  }
}

/** What it pays for and is under way stops with `provider-key-missing`. Throws `not-found`. */
export async function removeProviderKey(
  records: Records,
  { userId, provider }: { userId: string; provider: ProviderId },
  by: Actor,
): Promise<void> {
  await records.sequelize.transaction(async (transaction) => {
    const known = await records.ProviderKey.findOne({ where: { userId, provider }, transaction });
    if (!known || (await records.ProviderKey.destroy({ where: { id: known.id }, transaction })) === 0) {
      throw new AppError("not-found");
    }
    const details = { provider, lastFour: known.lastFour };
    await audit(records, { action: "provider-key.removed", subjectId: known.id, details, by }, transaction);
  });
}
