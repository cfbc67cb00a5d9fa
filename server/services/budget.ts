import { QueryTypes, type Transaction } from "sequelize";
import { AppError } from "../errors.ts";
import type { Records } from "../models/records.ts";

/** Bounds of a day (UTC) for all users together; null is none. */
export interface DailyBudget {
  generations: number | null;
  roubles: number | null;
}

interface Today {
  /** Accepted or waiting; what failed or was canceled without reaching the provider doesn't count. */
  number: number;
  spentRoubles: number;
  /** Of the number, those whose cost isn't known yet. */
  withoutCost: number;
  /** Mean of the last costs, roubles; 0 where none is known. */
  usualRoubles: number;
}

const BUDGET_LOCK = 7_310_309_202;

/**
 * Lets one more paid generation into the day, or throws `budget-exceeded`. Callers in other transactions wait for
 * this one, so that the last place is given once; a transaction that fails gives it back.
 */
export async function reserveBudget(
  records: Records,
  budget: DailyBudget,
  provider: string,
  transaction: Transaction,
): Promise<void> {
  if (budget.generations === null && budget.roubles === null) return;
  await records.sequelize.query("SELECT pg_advisory_xact_lock($1)", { bind: [BUDGET_LOCK], transaction });
  const today = await readToday(records, provider, transaction);
  const expectedRoubles = today.spentRoubles + (today.withoutCost + 1) * today.usualRoubles;
  const isTooMany = budget.generations !== null && today.number >= budget.generations;
  const isTooDear = budget.roubles !== null && expectedRoubles > budget.roubles;
  if (isTooMany || isTooDear) throw new AppError("budget-exceeded");
}

async function readToday(records: Records, provider: string, transaction: Transaction): Promise<Today> {
  const [today] = await records.sequelize.query<Today>(
    `SELECT count(*)::int AS number,
            coalesce(sum(cost), 0)::float AS "spentRoubles",
            (count(*) FILTER (WHERE cost IS NULL))::int AS "withoutCost",
            (SELECT coalesce(avg(cost), 0)::float FROM
               (SELECT cost FROM generation_tasks WHERE provider = $1 AND cost IS NOT NULL
                 ORDER BY created_at DESC LIMIT 20) AS latest) AS "usualRoubles"
       FROM generation_tasks
      WHERE provider = $1
        AND created_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
        AND NOT (status IN ('failed', 'canceled') AND remote_id IS NULL)`,
    { type: QueryTypes.SELECT, bind: [provider], transaction },
  );
  return today;
}
