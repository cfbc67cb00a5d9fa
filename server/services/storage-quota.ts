import { QueryTypes, type Transaction } from "sequelize";
import { AppError } from "../errors.ts";
import type { Records } from "../models/records.ts";

/** Bytes that a user's photos and models fill, those in the trash too, and the most that they may; null: no bound. */
export interface StorageUse {
  usedBytes: number;
  maxBytes: number | null;
}

export interface StorageQuota {
  measure(userId: string): Promise<StorageUse>;
  /** Early, before anything is received. @throws AppError `storage-quota` where `bytes` more are too many */
  refuseFull(userId: string, bytes?: number): Promise<void>;
  /**
   * Holds, until the transaction ends, whoever else wants to store something for this user. Call it before other locks.
   * @throws AppError `storage-quota` where `bytes` more are too many
   */
  reserve(userId: string, bytes: number, transaction: Transaction): Promise<void>;
  /** The same for a photo, which costs nothing where the user has it already. */
  reservePhoto(
    userId: string,
    photo: { sha256: string; bytes: number },
    transaction: Transaction,
  ): Promise<void>;
}

/** SQL of the ids of a user's photos. */
const photosOf = (user: string) => `SELECT photo_id FROM generation_tasks WHERE user_id = ${user}
                   UNION SELECT photo_id FROM models_3d WHERE user_id = ${user}`;

/** SQL of the bytes of a user. */
const usedBy = (user: string) => `(
    (SELECT coalesce(sum(f.bytes), 0) FROM model_files f JOIN models_3d m ON m.id = f.model_id WHERE m.user_id = ${user})
    + (SELECT coalesce(sum(bytes), 0) FROM photos WHERE id IN (${photosOf(user)}))
  )::float8 AS used`;

/** The bytes that the photos and models of each of these users fill. */
export async function measureUsers(
  { sequelize }: Records,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await sequelize.query<{ id: string; used: number }>(
    `SELECT u.id, ${usedBy("u.id")} FROM users u WHERE u.id = ANY($1::uuid[])`,
    { type: QueryTypes.SELECT, bind: [userIds] },
  );
  return new Map(rows.map(({ id, used }) => [id, used]));
}

/**
 * What one user may fill of the store. Results of work that was accepted are kept in any case: they may lie beyond it,
 * and then nothing more is accepted.
 */
export function createStorageQuota({ sequelize }: Records, maxBytes: number | null): StorageQuota {
  async function usedBytes(userId: string, transaction?: Transaction): Promise<number> {
    const [{ used }] = await sequelize.query<{ used: number }>(`SELECT ${usedBy("$1")}`, {
      type: QueryTypes.SELECT,
      bind: [userId],
      transaction,
    });
    return used;
  }

  async function check(userId: string, bytes: number, transaction?: Transaction): Promise<void> {
    if (maxBytes === null) return;
    const used = await usedBytes(userId, transaction);
    if (used + bytes <= maxBytes && used < maxBytes) return;
    const [mebibytes, max] = [used, maxBytes].map((value) => Math.round((value / 1024 ** 2) * 10) / 10);
    throw new AppError("storage-quota", {
      detail: {
        en: `Your photos and models fill ${mebibytes} MB of the ${max} MB that this server gives to one person.`,
        ru: `Ваши фото и модели занимают ${mebibytes} МБ из ${max} МБ, которые сервер отводит одному человеку.`,
      },
    });
  }

  async function lock(userId: string, transaction: Transaction): Promise<void> {
    await sequelize.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", {
      bind: [`storage ${userId}`],
      transaction,
    });
  }

  return {
    measure: async (userId) => ({ usedBytes: await usedBytes(userId), maxBytes }),
    refuseFull: (userId, bytes = 0) => check(userId, bytes),
    async reserve(userId, bytes, transaction) {
      if (maxBytes === null) return;
      await lock(userId, transaction);
      await check(userId, bytes, transaction);
    },
    async reservePhoto(userId, { sha256, bytes }, transaction) {
      if (maxBytes === null) return;
      await lock(userId, transaction);
      const [{ has }] = await sequelize.query<{ has: boolean }>(
        `SELECT EXISTS (SELECT FROM photos WHERE sha256 = $2 AND id IN (${photosOf("$1")})) AS has`,
        { type: QueryTypes.SELECT, bind: [userId, sha256], transaction },
      );
      await check(userId, has ? 0 : bytes, transaction);
    },
  };
}
