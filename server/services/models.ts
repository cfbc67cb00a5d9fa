import { QueryTypes } from "sequelize";
import type { Relation } from "../contract/access.ts";
import { AppError } from "../errors.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { permitted } from "../policies/records.ts";

/** What a model is presented with. */
export const WITH_ALL = [
  { association: "files", separate: true },
  { association: "photo" },
  { association: "owner", attributes: ["id", "name"] },
];

/**
 * A model that the caller may have, in the trash too. Throws `not-found`, also for what the caller must not see, and
 * `not-allowed` for what it may only look at.
 */
export async function findModel(
  records: Records,
  caller: Caller,
  id: string,
  relation: Relation = "see",
): Promise<Model3d> {
  return permitted(relation, caller, await records.Model3d.findByPk(id, { include: WITH_ALL }));
}

/** A model for work that was allowed already, in the trash too. Throws `not-found`. */
export async function readModel(records: Records, id: string): Promise<Model3d> {
  const model = await records.Model3d.findByPk(id, { include: WITH_ALL });
  if (!model) throw new AppError("not-found");
  return model;
}

export async function countModels(records: Records): Promise<{ total: number; active: number }> {
  const [row] = await records.sequelize.query<{ total: number; active: number }>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE status = 'active' AND deleted_at IS NULL)::int AS active
       FROM models_3d`,
    { type: QueryTypes.SELECT },
  );
  return row;
}
