import { literal, Op, QueryTypes, type WhereOptions } from "sequelize";
import type { z } from "zod";
import type { Remembered } from "../cache/remembered.ts";
import type { Owner } from "../contract/access.ts";
import type { ModelQuery, TagQuery } from "../contract/model.ts";
import type { Model3d } from "../models/model-3d.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { ownerAsked } from "../policies/records.ts";
import { WITH_ALL } from "./models.ts";
import { afterCursor, encodeCursor } from "./paging.ts";

type Query = z.output<typeof ModelQuery>;

/** `unindexed` sorts alike, but no index has it. */
const SORT_FIELDS = {
  createdAt: {
    value: '"Model3d"."created_at"',
    unindexed: `"Model3d"."created_at" + interval '0'`,
    type: "time",
    of: (model: Model3d) => model.createdAt.toISOString(),
  },
  updatedAt: {
    value: '"Model3d"."updated_at"',
    unindexed: `"Model3d"."updated_at" + interval '0'`,
    type: "time",
    of: (model: Model3d) => model.updatedAt.toISOString(),
  },
  name: {
    value: 'lower("Model3d"."name")',
    unindexed: `lower("Model3d"."name") || ''`,
    type: "text",
    of: (model: Model3d) => model.getDataValue("sortName" as never),
  },
} as const;

/** The words of a search, each as the beginning of one: "red so" finds "Red sofa". Empty where there is no word in it. */
const prefixesOf = (text: string): string[] =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `${word}:*`);

/** Of what is shared with the team nothing in the trash but one's own. */
function ownedBy(owner: Owner, userId: string): WhereOptions {
  if (owner === "all") return {};
  return owner === "me" ? { userId } : { visibility: "team", [Op.or]: [{ deletedAt: null }, { userId }] };
}

/** What is searched for: `looked` up in the index, and what is then left of that by `sifted`. */
interface Words {
  looked: string[];
  sifted: string[];
}

function filterOf(records: Records, caller: Caller, query: Query, words: Words): WhereOptions {
  const conditions: WhereOptions[] = [
    ownedBy(ownerAsked(caller, query.owner), caller.userId),
    query.status === "deleted" ? { deletedAt: { [Op.ne]: null } } : { deletedAt: null, status: query.status },
  ];
  if (query.tag) conditions.push({ tags: { [Op.contains]: [query.tag] } });
  const asQuery = (prefixes: string[]) =>
    `to_tsquery('pg_catalog.simple', ${records.sequelize.escape(prefixes.join(" & "))})`;
  if (query.q && words.looked.length === 0) conditions.push(literal("false"));
  if (words.looked.length > 0) conditions.push(literal(`"Model3d"."search" @@ ${asQuery(words.looked)}`));
  // What the operator calls; no index knows it.
  if (words.sifted.length > 0)
    conditions.push(literal(`ts_match_vq("Model3d"."search", ${asQuery(words.sifted)})`));
  return { [Op.and]: conditions };
}

/** So many are sorted in a moment; of more a page is soon full in the order of the list. */
const FEW = 1000;

/**
 * Whether a search or a tag finds only few. The database guesses half a percent for words that it has no figures of,
 * and walks through a million models in the order of the list for one that isn't there.
 */
async function findsFew({ Model3d }: Records, where: WhereOptions): Promise<boolean> {
  const some = await Model3d.findAll({
    where,
    attributes: [[literal("1"), "one"]],
    limit: FEW + 1,
    raw: true,
  });
  return some.length <= FEW;
}

const MAX_WORDS_LOOKED_UP = 8;

/**
 * The condition of a list, and whether it finds only few. Of several words a rare one is looked up alone: the index
 * reads all places of each beginning of a word, also of one that a million models have.
 */
async function narrowest(records: Records, caller: Caller, query: Query) {
  const words = prefixesOf(query.q ?? "");
  if (words.length > 1) {
    for (const word of words.slice(0, MAX_WORDS_LOOKED_UP)) {
      const sifted = words.filter((other) => other !== word);
      const looked = [word];
      if (await findsFew(records, filterOf(records, caller, query, { looked, sifted: [] })))
        return { where: filterOf(records, caller, query, { looked, sifted }), isFew: true };
    }
  }
  const where = filterOf(records, caller, query, { looked: words, sifted: [] });
  return { where, isFew: query.q || query.tag ? await findsFew(records, where) : false };
}

/** Throws `not-allowed` where others than administrators ask for everybody's. */
export async function listModels(records: Records, caller: Caller, query: Query) {
  const descending = query.sort.startsWith("-");
  const field = SORT_FIELDS[query.sort.replace("-", "") as keyof typeof SORT_FIELDS];
  const order = { value: field.value, type: field.type, id: '"Model3d"."id"', descending };
  const { where, isFew } = await narrowest(records, caller, query);
  const direction = descending ? "DESC" : "ASC";
  const rows = await records.Model3d.findAll({
    where: {
      [Op.and]: [where, afterCursor(query.cursor, order, (value) => records.sequelize.escape(value))],
    },
    attributes: { include: [[literal(SORT_FIELDS.name.value), "sortName"]] },
    include: WITH_ALL,
    order: [
      [literal(isFew ? field.unindexed : field.value), direction],
      ["id", direction],
    ],
    limit: query.limit + 1,
  });
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  const nextCursor = rows.length > items.length && last ? encodeCursor(field.of(last), last.id) : null;
  return { items, nextCursor, total: query.total ? await records.Model3d.count({ where }) : undefined };
}

type TagCounts = { tag: string; count: number }[];

/** Tags of active models, the most used first. Throws what `listModels` throws. */
export async function listTags(
  records: Records,
  remembered: Remembered,
  caller: Caller,
  query: z.output<typeof TagQuery>,
): Promise<TagCounts> {
  const owner = ownerAsked(caller, query.owner);
  const id = owner === "me" ? `tags:me:${caller.userId}` : `tags:${owner}`;
  return remembered.read({ kind: "user-data", id }, () => countTags(records, owner, caller.userId));
}

export const refreshTeamTags = (records: Records, remembered: Remembered): Promise<TagCounts> =>
  remembered.refresh({ kind: "user-data", id: "tags:team" }, () => countTags(records, "team", null));

const countTags = (records: Records, owner: Owner, userId: string | null): Promise<TagCounts> =>
  records.sequelize.query(
    `SELECT tag, count(*)::int AS count FROM models_3d, unnest(tags) AS tag
      WHERE deleted_at IS NULL AND status = 'active'
        AND ($1 = 'all' OR ($1 = 'me' AND user_id = $2) OR ($1 = 'team' AND visibility = 'team'))
      GROUP BY tag ORDER BY count DESC, tag LIMIT 200`,
    { type: QueryTypes.SELECT, bind: [owner, userId] },
  );
