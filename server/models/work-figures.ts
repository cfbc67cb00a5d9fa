import { QueryTypes } from "sequelize";
import type { Records } from "./records.ts";

type Database = Pick<Records, "sequelize">;

/** How long the oldest work that could run has been waiting, seconds; 0 where none waits. */
export async function oldestWaitSeconds(
  { sequelize }: Database,
  jobNames: readonly string[],
): Promise<number> {
  const [{ seconds }] = await sequelize.query<{ seconds: number }>(
    `SELECT greatest(0, extract(epoch FROM now() - least(
              (SELECT min(queued_at) FROM generation_tasks WHERE status = 'queued'),
              (SELECT min(start_after) FROM jobs.job
                WHERE name = ANY ($1) AND state < 'active' AND start_after <= now()))))::float8 AS seconds`,
    { bind: [jobNames], type: QueryTypes.SELECT },
  );
  return seconds;
}

/** Generations that ended within the last hour, canceled ones left out. */
export async function endedLastHour({ sequelize }: Database): Promise<{ all: number; failed: number }> {
  const [counts] = await sequelize.query<{ all: number; failed: number }>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE status = 'failed'))::int AS failed
       FROM generation_tasks
      WHERE finished_at > now() - interval '1 hour' AND status IN ('succeeded', 'failed')`,
    { type: QueryTypes.SELECT },
  );
  return counts;
}
