import { literal, Op, QueryTypes, type WhereOptions } from "sequelize";
import type { z } from "zod";
import type { Owner, Relation } from "../contract/access.ts";
import type { ModelQuery, TagQuery } from "../contract/model.ts";
import { AppError } from "../errors.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { ownerAsked, permitted } from "../policies/records.ts";
import type { Storage } from "../storage/storage.ts";
import { audit, type MemberActor } from "./audit.ts";
import { dropDerivedRows, removeUnnamed } from "./derived-rows.ts";
import { afterCursor, encodeCursor } from "./paging.ts";
import { lockPhoto } from "./photos.ts";

type Query = z.output<typeof ModelQuery>;

const WITH_ALL = [
  { association: "files", separate: true },
  { association: "photo" },
  { association: "owner", attributes: ["id", "name"] },
];

const SORT_FIELDS = {
  createdAt: {
    value: '"Model3d"."created_at"',
    type: "time",
    of: (model: Model3d) => model.createdAt.toISOString(),
  },
  updatedAt: {
    value: '"Model3d"."updated_at"',
    type: "time",
    of: (model: Model3d) => model.updatedAt.toISOString(),
  },
  name: {
    value: 'lower("Model3d"."name")',
    type: "text",
    of: (model: Model3d) => model.getDataValue("sortName" as never),
  },
} as const;

/** Words as a prefix search: "red so" finds "Red sofa". Null where there is no word in it. */
function searchQuery(text: string): string | null {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length > 0 ? words.map((word) => `${word}:*`).join(" & ") : null;
}

/** Of what is shared with the team nothing in the trash but one's own. */
function ownedBy(owner: Owner, userId: string): WhereOptions {
  if (owner === "all") return {};
  return owner === "me" ? { userId } : { visibility: "team", [Op.or]: [{ deletedAt: null }, { userId }] };
}

function filterOf(records: Records, caller: Caller, query: Query): WhereOptions {
  const conditions: WhereOptions[] = [
    ownedBy(ownerAsked(caller, query.owner), caller.userId),
    query.status === "deleted" ? { deletedAt: { [Op.ne]: null } } : { deletedAt: null, status: query.status },
  ];
  if (query.tag) conditions.push({ tags: { [Op.contains]: [query.tag] } });
  if (query.q) {
    const words = searchQuery(query.q);
    const quoted = records.sequelize.escape(words ?? "");
    conditions.push(
      words ? literal(`"Model3d"."search" @@ to_tsquery('pg_catalog.simple', ${quoted})`) : literal("false"),
    );
  }
  return { [Op.and]: conditions };
}

/** Throws `not-allowed` where others than administrators ask for everybody's. */
export async function listModels(records: Records, caller: Caller, query: Query) {
  const descending = query.sort.startsWith("-");
  const field = SORT_FIELDS[query.sort.replace("-", "") as keyof typeof SORT_FIELDS];
  const order = { value: field.value, type: field.type, id: '"Model3d"."id"', descending };
  const where = filterOf(records, caller, query);
  const direction = descending ? "DESC" : "ASC";
  const rows = await records.Model3d.findAll({
    where: {
      [Op.and]: [where, afterCursor(query.cursor, order, (value) => records.sequelize.escape(value))],
    },
    attributes: { include: [[literal(SORT_FIELDS.name.value), "sortName"]] },
    include: WITH_ALL,
    order: [
      [literal(field.value), direction],
      ["id", direction],
    ],
    limit: query.limit + 1,
  });
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  const nextCursor = rows.length > items.length && last ? encodeCursor(field.of(last), last.id) : null;
  return { items, nextCursor, total: query.total ? await records.Model3d.count({ where }) : undefined };
}

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
  for (const { key } of model.files ?? []) await storage.remove(key);
}

/** Tags of active models, the most used first. Throws what `listModels` throws. */
export async function listTags(
  records: Records,
  caller: Caller,
  query: z.output<typeof TagQuery>,
): Promise<{ tag: string; count: number }[]> {
  const owner = ownerAsked(caller, query.owner);
  return records.sequelize.query(
    `SELECT tag, count(*)::int AS count FROM models_3d, unnest(tags) AS tag
      WHERE deleted_at IS NULL AND status = 'active'
        AND ($1 = 'all' OR ($1 = 'me' AND user_id = $2) OR ($1 = 'team' AND visibility = 'team'))
      GROUP BY tag ORDER BY count DESC, tag LIMIT 200`,
    { type: QueryTypes.SELECT, bind: [owner, caller.userId] },
  );
}

export async function countModels(records: Records): Promise<{ total: number; active: number }> {
  const [row] = await records.sequelize.query<{ total: number; active: number }>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE status = 'active' AND deleted_at IS NULL)::int AS active
       FROM models_3d`,
    { type: QueryTypes.SELECT },
  );
  return row;
}
