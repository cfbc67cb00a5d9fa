import { QueryTypes } from "sequelize";
import type { Remembered } from "../../cache/remembered.ts";
import { GENERATION_STATUSES } from "../../contract/generation.ts";
import type { SystemStats } from "../../contract/system.ts";
import type { Records } from "../../models/records.ts";

type Period = SystemStats["last24Hours"];

interface PeriodRow extends Omit<Period, "successRate" | "roubles" | "bytes"> {
  charged: number;
  assumed: number;
  photoBytes: number;
  modelBytes: number;
}

/** Sums of what came about since a condition's time; each on its own index, in one snapshot with the others. */
const periodSql = (since: (column: string) => string) => `
  SELECT (SELECT count(*) FROM users WHERE ${since("created_at")})::float8 AS users,
         (SELECT count(*) FROM models_3d WHERE deleted_at IS NULL AND ${since("created_at")})::float8 AS models,
         g.*, m.*,
         (SELECT coalesce(sum(bytes), 0) FROM photos WHERE ${since("created_at")})::float8 AS "photoBytes",
         (SELECT coalesce(sum(bytes), 0) FROM model_files WHERE ${since("created_at")})::float8 AS "modelBytes"
    FROM (SELECT count(*) FILTER (WHERE ${since("created_at")})::float8 AS generations,
                 count(*) FILTER (WHERE status = 'succeeded' AND ${since("finished_at")})::float8 AS succeeded,
                 count(*) FILTER (WHERE status = 'failed' AND ${since("finished_at")})::float8 AS failed,
                 count(*) FILTER (WHERE status = 'canceled' AND ${since("finished_at")})::float8 AS canceled,
                 avg(extract(epoch FROM finished_at - created_at))
                   FILTER (WHERE status = 'succeeded' AND ${since("finished_at")})::float8 AS "meanSeconds"
            FROM generation_tasks WHERE ${since("created_at")} OR ${since("finished_at")}) AS g,
         (SELECT coalesce(sum(roubles) FILTER (WHERE state = 'charged'), 0)::float8 AS charged,
                 coalesce(sum(roubles) FILTER (WHERE state = 'assumed'), 0)::float8 AS assumed
            FROM spendings WHERE ${since("created_at")}) AS m`;

function presentPeriod(row: PeriodRow): Period {
  const { charged, assumed, photoBytes, modelBytes, ...counts } = row;
  const ended = counts.succeeded + counts.failed;
  return {
    ...counts,
    successRate: ended > 0 ? counts.succeeded / ended : null,
    roubles: { charged, assumed },
    bytes: { photos: photoBytes, models: modelBytes },
  };
}

const NOW_SQL = `
  SELECT status, count(*)::float8 AS count,
         coalesce(max(extract(epoch FROM now() - queued_at)) FILTER (WHERE status = 'queued'), 0)::float8 AS oldest
    FROM generation_tasks GROUP BY status`;

const HOURS_SQL = `
  SELECT hour AS at,
         count(g.id) FILTER (WHERE status = 'succeeded')::float8 AS succeeded,
         count(g.id) FILTER (WHERE status = 'failed')::float8 AS failed,
         count(g.id) FILTER (WHERE status = 'canceled')::float8 AS canceled
    FROM generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), '1 hour') AS hour
    LEFT JOIN generation_tasks g ON g.finished_at >= hour AND g.finished_at < hour + interval '1 hour'
   GROUP BY hour ORDER BY hour`;

type Periods = Pick<SystemStats, "at" | "last24Hours" | "allTime" | "hours">;

const PERIODS = { kind: "analytics", id: "periods" } as const;

const reading =
  ({ sequelize }: Pick<Records, "sequelize">) =>
  <T extends object>(sql: string) =>
    sequelize.query<T>(sql, { type: QueryTypes.SELECT });

async function readPeriods(records: Pick<Records, "sequelize">): Promise<Periods> {
  const read = reading(records);
  const [[day], [always], hours] = await Promise.all([
    read<PeriodRow>(periodSql((column) => `${column} > now() - interval '24 hours'`)),
    read<PeriodRow>(periodSql(() => "true")),
    read<{ at: Date; succeeded: number; failed: number; canceled: number }>(HOURS_SQL),
  ]);
  return {
    at: new Date().toISOString(),
    last24Hours: presentPeriod(day),
    allTime: presentPeriod(always),
    hours: hours.map(({ at, ...counts }) => ({ at: at.toISOString(), ...counts })),
  };
}

export const refreshPeriods = (records: Records, remembered: Remembered): Promise<Periods> =>
  remembered.refresh(PERIODS, () => readPeriods(records));

/**
 * Figures of the whole installation, of the last 24 hours and of all time, by the database's clock. What is of now is;
 * the rest, where there is much to count, may be as old as the policy of analytics says, which `at` tells.
 */
export async function readStatistics(
  records: Pick<Records, "sequelize">,
  remembered: Remembered,
): Promise<SystemStats> {
  const read = reading(records);
  const [{ at, last24Hours, allTime, hours }, states, [{ reserved }]] = await Promise.all([
    remembered.read(PERIODS, () => readPeriods(records)),
    read<{ status: string; count: number; oldest: number }>(NOW_SQL),
    read<{ reserved: number }>(
      "SELECT coalesce(sum(roubles), 0)::float8 AS reserved FROM spendings WHERE state = 'reserved'",
    ),
  ]);
  const countOf = new Map(states.map(({ status, count }) => [status, count]));
  return {
    at,
    last24Hours,
    allTime,
    now: {
      generations: Object.fromEntries(
        GENERATION_STATUSES.map((status) => [status, countOf.get(status) ?? 0]),
      ) as SystemStats["now"]["generations"],
      oldestQueuedSeconds: Math.max(0, ...states.map(({ oldest }) => oldest)),
      reservedRoubles: reserved,
    },
    hours,
  };
}
