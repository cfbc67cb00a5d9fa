import { literal, Op, type WhereOptions } from "sequelize";
import { validate as isUuid } from "uuid";
import type { z } from "zod";
import type { AuditQuery } from "../contract/audit.ts";
import type { AuditEntry } from "../models/audit-entry.ts";
import type { Records } from "../models/records.ts";
import { listNewest } from "./paging.ts";

type Query = z.output<typeof AuditQuery>;

/** Rows that an export holds in memory at once. */
const BATCH = 500;

/** What `q` looks into. */
const SEARCHED = [
  "action",
  "coalesce(actor_name, '')",
  "coalesce(host(address), '')",
  "coalesce(user_agent, '')",
  "coalesce(request_id, '')",
  "details::text",
].join(" || ' ' || ");

/** A text for LIKE, in which nothing stands for anything else. */
const literally = (text: string) => text.replace(/[\\%_]/g, "\\$&");

function filterOf({ sequelize }: Records, query: Query): WhereOptions {
  const { action, actor, subject, from, to, q } = query;
  const conditions: WhereOptions[] = [];
  if (action) conditions.push({ action: { [Op.startsWith]: action } });
  if (actor)
    conditions.push(
      isUuid(actor) ? { actorId: actor } : { actorName: { [Op.iLike]: `%${literally(actor)}%` } },
    );
  if (subject) conditions.push({ subjectId: subject });
  if (from) conditions.push({ createdAt: { [Op.gte]: from } });
  if (to) conditions.push({ createdAt: { [Op.lt]: to } });
  if (q) conditions.push(literal(`(${SEARCHED}) ILIKE ${sequelize.escape(`%${literally(q)}%`)}`));
  return { [Op.and]: conditions };
}

/** One page of the log, the newest first. */
export const listAudit = (records: Records, query: Query) =>
  listNewest(records.AuditEntry, query, { where: filterOf(records, query) });

/** All that the filters find, the newest first, in batches that are each read as the receiver takes them. */
export async function* readAudit(
  read: <T>(work: (records: Records) => Promise<T>) => Promise<T>,
  query: Query,
): AsyncGenerator<AuditEntry[]> {
  let cursor: string | undefined;
  do {
    const asked = { limit: BATCH, cursor, total: false };
    const page = await read((records) =>
      listNewest(records.AuditEntry, asked, { where: filterOf(records, query) }),
    );
    yield page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
}

/** Deletes entries older than so many days by the database's clock; the database itself refuses that below 30. */
export const removeOldAudit = ({ AuditEntry }: Records, days: number): Promise<number> =>
  AuditEntry.destroy({
    where: { createdAt: { [Op.lt]: literal(`now() - interval '${Number(days)} days'`) } },
  });
