import { QueryTypes } from "sequelize";
import type { Remembered } from "../cache/remembered.ts";
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

interface ModelCounts {
  total: number;
  active: number;
}

const COUNTS = { kind: "analytics", id: "models" } as const;

/** How many models there are; where there are many the answer may be as old as the policy of analytics says. */
export const countModels = (records: Records, remembered: Remembered): Promise<ModelCounts> =>
  remembered.read(COUNTS, () => readCounts(records));

export const refreshModelCounts = (records: Records, remembered: Remembered): Promise<ModelCounts> =>
  remembered.refresh(COUNTS, () => readCounts(records));

async function readCounts(records: Records): Promise<ModelCounts> {
  const [row] = await records.sequelize.query<ModelCounts>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE status = 'active' AND deleted_at IS NULL)::int AS active
       FROM models_3d`,
    { type: QueryTypes.SELECT },
  );
  return row;
}
