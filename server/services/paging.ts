import { type FindOptions, literal, type Model, type ModelStatic, Op, type WhereOptions } from "sequelize";
import { z } from "zod";
import type { PageQuery } from "../contract/common.ts";
import { AppError } from "../errors.ts";

const Positions = {
  time: z.tuple([z.iso.datetime(), z.uuid()]),
  text: z.tuple([z.string().max(600), z.uuid()]),
};

/** How a list is sorted: SQL expressions of the sort value and of the id, which breaks ties. */
export interface Order {
  value: string;
  type: keyof typeof Positions;
  id: string;
  descending: boolean;
}

/** The opaque cursor of a row: its sort value and id. */
export const encodeCursor = (value: string, id: string) =>
  Buffer.from(JSON.stringify([value, id])).toString("base64url");

function decodeCursor(cursor: string, type: Order["type"]): [string, string] {
  try {
    return Positions[type].parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw new AppError("invalid-request", {
      errors: [{ path: "cursor", message: "This cursor is not one of ours. Start again without it." }],
    });
  }
}

/** Keyset paging: rows after the cursor, in the given order. Source: https://use-the-index-luke.com/no-offset */
export function afterCursor(
  cursor: string | undefined,
  order: Order,
  quote: (value: string) => string,
): WhereOptions {
  if (!cursor) return {};
  const [value, id] = decodeCursor(cursor, order.type);
  const operator = order.descending ? "<" : ">";
  return {
    [Op.and]: [literal(`(${order.value}, ${order.id}) ${operator} (${quote(value)}, ${quote(id)})`)],
  };
}

/** One page of a table's rows, the newest first; `total` counts all that `options.where` finds, where it is asked for. */
export async function listNewest<M extends Model & { id: string; createdAt: Date }>(
  model: ModelStatic<M>,
  query: z.output<typeof PageQuery>,
  options: Omit<FindOptions, "order" | "limit"> & { where: WhereOptions },
) {
  const { where } = options;
  const order = {
    value: `"${model.name}"."created_at"`,
    type: "time",
    id: `"${model.name}"."id"`,
    descending: true,
  } as const;
  const after = afterCursor(query.cursor, order, (value) => model.sequelize!.escape(value));
  const rows = await model.findAll({
    ...options,
    where: { [Op.and]: [where, after] },
    order: [
      ["createdAt", "DESC"],
      ["id", "DESC"],
    ],
    limit: query.limit + 1,
  });
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      rows.length > items.length && last ? encodeCursor(last.createdAt.toISOString(), last.id) : null,
    total: query.total ? await model.count({ where }) : undefined,
  };
}
