import { literal, Op } from "sequelize";
import { AppError } from "../errors.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { audit, type MemberActor } from "./audit.ts";
import { dropDerivedRows, removeUnnamed } from "./derived-rows.ts";
import { forgetFile } from "./forget-file.ts";
import { findModel, readModel } from "./models.ts";
import { lockPhoto } from "./photos.ts";

/** To the trash, without its files on demand; quiet where it is there already. Throws what `findModel` throws. */
export async function trashModel(
  deps: { records: Records; storage: Storage },
  by: MemberActor,
  id: string,
): Promise<void> {
  const { records } = deps;
  await findModel(records, by.caller, id, "manage");
  const orphans = await records.sequelize.transaction(async (transaction) => {
    const where = { id, deletedAt: null };
    const [count] = await records.Model3d.update({ deletedAt: literal("now()") }, { where, transaction });
    const deed = { action: "model.deleted", subjectId: id, by } as const;
    if (count > 0) await audit(records, deed, transaction);
    return dropDerivedRows(records, id, transaction);
  });
  await removeUnnamed(deps, orphans);
}

/** Out of the trash; quiet where it is not in it. Throws what `findModel` throws. */
export async function restoreModel(records: Records, by: MemberActor, id: string): Promise<Model3d> {
  await findModel(records, by.caller, id, "manage");
  const where = { id, deletedAt: { [Op.ne]: null } };
  await records.sequelize.transaction(async (transaction) => {
    const [count] = await records.Model3d.update({ deletedAt: null }, { where, transaction });
    if (count > 0) await audit(records, { action: "model.restored", subjectId: id, by }, transaction);
  });
  return readModel(records, id);
}

/**
 * Deletes a model in the trash for ever, with its files and the generation it came from. Its photo goes with the
 * next sweep when nothing else uses it. Throws what `findModel` throws, and `conflict` for a model that isn't in the
 * trash.
 */
export async function removeModel(
  deps: { records: Records; storage: Storage },
  by: MemberActor,
  id: string,
): Promise<void> {
  const { records, storage } = deps;
  const model = await findModel(records, by.caller, id, "manage");
  if (!model.deletedAt) throw new AppError("conflict");
  await records.sequelize.transaction(async (transaction) => {
    if (model.photo) await lockPhoto(records, model.photo.sha256, transaction);
    const where = { id, deletedAt: { [Op.ne]: null } };
    if ((await records.Model3d.destroy({ where, transaction })) === 0) throw new AppError("conflict");
    const details = { ownerId: model.userId };
    await audit(records, { action: "model.removed", subjectId: id, details, by }, transaction);
    if (model.generationId)
      await records.Generation.destroy({ where: { id: model.generationId }, transaction });
    await records.sequelize.query(
      `DELETE FROM photos p WHERE p.id = $1
         AND NOT EXISTS (SELECT FROM generation_tasks WHERE photo_id = p.id)
         AND NOT EXISTS (SELECT FROM models_3d WHERE photo_id = p.id)`,
      { bind: [model.photoId], transaction },
    );
  });
  for (const { key } of model.files ?? []) await forgetFile(storage, key);
}
