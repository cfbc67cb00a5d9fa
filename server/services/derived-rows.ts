import { Op, type Transaction } from "sequelize";
import { EXPORT_KINDS } from "../contract/model.ts";
import type { Records } from "../models/records.ts";
import type { Storage } from "../storage/storage.ts";
import { forgetFile } from "./forget-file.ts";

/**
 * Takes the rows of a model's files on demand away, in the transaction that changed the model; answers the keys, to
 * be removed after the commit.
 */
export async function dropDerivedRows(
  records: Records,
  modelId: string,
  transaction: Transaction,
): Promise<string[]> {
  const where = { modelId, kind: { [Op.in]: [...EXPORT_KINDS] } };
  const rows = await records.ModelFile.findAll({ where, transaction });
  await records.ModelFile.destroy({ where, transaction });
  return rows.map(({ key }) => key);
}

/** Removes stored files, except those that a row names (again). */
export async function removeUnnamed(
  { records, storage }: { records: Records; storage: Storage },
  keys: string[],
): Promise<void> {
  for (const key of keys) {
    if (!(await records.ModelFile.count({ where: { key } }))) await forgetFile(storage, key);
  }
}
