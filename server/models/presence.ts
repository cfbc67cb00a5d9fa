import { QueryTypes } from "sequelize";
import type { Config } from "../config.ts";
import type { Records } from "./records.ts";

/** What a running process does: serve people and programs, or what goes on by itself. */
type Duty = "serves" | "works";

/** Advisory locks that every process with this duty shares, on a session that ends with it. */
const PRESENCE_LOCKS: Record<Duty, number> = { serves: 7_310_309_700, works: 7_310_309_701 };

/** What a process with this role holds. */
export const presenceOf = (role: Config["role"]): number[] => [
  ...(role === "worker" ? [] : [PRESENCE_LOCKS.serves]),
  ...(role === "web" ? [] : [PRESENCE_LOCKS.works]),
];

/**
 * How many processes of this database have each duty now. A process is missing while its session is being made anew,
 * and one whose way here was cut in silence counts for a minute more.
 */
export async function countPresent({ sequelize }: Pick<Records, "sequelize">): Promise<Record<Duty, number>> {
  const [present] = await sequelize.query<Record<Duty, number>>(
    `SELECT count(DISTINCT pid) FILTER (WHERE lock = :serves)::int AS serves,
            count(DISTINCT pid) FILTER (WHERE lock = :works)::int AS works
       FROM (SELECT pid, (classid::bigint << 32) + objid::bigint AS lock FROM pg_locks
              WHERE locktype = 'advisory' AND objsubid = 1 AND granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS held`,
    { replacements: PRESENCE_LOCKS, type: QueryTypes.SELECT },
  );
  return present;
}
