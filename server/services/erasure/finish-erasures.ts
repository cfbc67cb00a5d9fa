import { QueryTypes, type Transaction } from "sequelize";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import { LOCAL_USER_ID } from "../../models/user.ts";
import type { Storage } from "../../storage/storage.ts";
import { lockPhoto } from "../photos.ts";
import { eraseRows } from "./erase-rows.ts";

interface Deps {
  records: Records;
  storage: Storage;
  logger: Pick<Logger, "info">;
}

interface Erasure {
  kind: "model" | "photo";
  id: string;
}

const BATCH = 50;
/** After a job that may have been writing into the folder of a model has ended. */
const LOOK_AGAIN_MINUTES = 15;

const EMPTY_ROW = `email = NULL, name = NULL, password_hash = NULL, role = 'admin', locale = NULL,
  email_verified_at = NULL, password_changed_at = NULL, last_sign_in_at = NULL, disabled_at = NULL, deleted_at = NULL`;

/**
 * Goes on with deletions wherever they stand: rows of users that are gone, then the bytes of models and photos.
 * Running it in several processes at once, or again after a crash, is harmless. Looks at some `most` models and photos
 * at once, and answers how many those were.
 */
export async function finishErasures(deps: Deps, most = Number.POSITIVE_INFINITY): Promise<number> {
  await finishUsers(deps);
  for (let looked = 0; ; ) {
    const count = await eraseBatch(deps);
    looked += count;
    if (count < BATCH || looked >= most) return looked;
  }
}

async function finishUsers({ records, logger }: Deps): Promise<void> {
  const { sequelize } = records;
  const rows = await sequelize.query<{ id: string }>("SELECT id FROM users WHERE deleted_at IS NOT NULL", {
    type: QueryTypes.SELECT,
  });
  for (const { id } of rows) {
    await sequelize.transaction(async (transaction) => {
      await eraseRows(records, id, transaction);
      const [left] = await sequelize.query("SELECT FROM generation_tasks WHERE user_id = $1 LIMIT 1", {
        type: QueryTypes.SELECT,
        bind: [id],
        transaction,
      });
      if (left) return;
      const last =
        id === LOCAL_USER_ID
          ? `UPDATE users SET ${EMPTY_ROW} WHERE id = $1 AND deleted_at IS NOT NULL`
          : "DELETE FROM users WHERE id = $1 AND deleted_at IS NOT NULL";
      await sequelize.query(last, { bind: [id], transaction });
      logger.info("An account is erased", { userId: id });
    });
  }
}

/** Bytes of one batch; others take other batches. */
async function eraseBatch(deps: Deps): Promise<number> {
  const { sequelize } = deps.records;
  return sequelize.transaction(async (transaction) => {
    const batch = await sequelize.query<Erasure & { isLast: boolean }>(
      `SELECT kind, id, is_last AS "isLast" FROM files_to_erase WHERE due_at <= now()
        ORDER BY due_at, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      { type: QueryTypes.SELECT, transaction },
    );
    for (const { isLast, ...erasure } of batch) {
      if (erasure.kind === "photo") await erasePhoto(deps, erasure.id, transaction);
      else await eraseModelFiles(deps, erasure.id, transaction);
      await sequelize.query(
        erasure.kind === "photo" || isLast
          ? "DELETE FROM files_to_erase WHERE kind = $1 AND id = $2"
          : `UPDATE files_to_erase SET is_last = true, due_at = now() + interval '${LOOK_AGAIN_MINUTES} minutes'
              WHERE kind = $1 AND id = $2`,
        { bind: [erasure.kind, erasure.id], transaction },
      );
    }
    return batch.length;
  });
}

async function eraseModelFiles(
  { records, storage }: Deps,
  id: string,
  transaction: Transaction,
): Promise<void> {
  if (await records.Model3d.count({ where: { id }, transaction })) return;
  for await (const { key } of storage.list(`models/${id}/`)) await storage.remove(key);
}

/** A photo that nobody else has given, or gives at this moment. */
async function erasePhoto({ records, storage }: Deps, id: string, transaction: Transaction): Promise<void> {
  const photo = await records.Photo.findByPk(id, { transaction });
  if (!photo) return;
  await lockPhoto(records, photo.sha256, transaction);
  const gone = await records.sequelize.query(
    `DELETE FROM photos p WHERE id = $1 AND NOT EXISTS (SELECT FROM generation_tasks WHERE photo_id = p.id)
        AND NOT EXISTS (SELECT FROM models_3d WHERE photo_id = p.id) RETURNING id`,
    { type: QueryTypes.SELECT, bind: [id], transaction },
  );
  if (gone.length > 0) await storage.remove(photo.key);
}
