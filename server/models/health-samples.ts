import { QueryTypes } from "sequelize";
import { type MonitoredService, SERVICE_STATES, type ServiceState } from "../contract/monitor.ts";
import type { Records } from "./records.ts";

type Database = Pick<Records, "sequelize">;

export interface HealthSample {
  service: MonitoredService;
  at: Date;
  status: ServiceState;
  responseMs: number;
  message: string;
  figures: Record<string, number>;
}

/** What stands for all looks of a time that begins at `at`. */
export interface HealthPoint {
  at: Date;
  status: ServiceState;
  responseMs: number;
  maxResponseMs: number;
  looks: number;
  figures: Record<string, number>;
}

/** Each look is kept for so long; then one row stands for those of five minutes. */
const KEEP_LOOKS_MS = 86_400_000;
const MEAN_SECONDS = 300;

const STATES = `array['${SERVICE_STATES.join("', '")}']`;

/** One row of each service and bucket in `looked`, which has the columns of the table and `bucket`. */
const MEANS = `
  figure_means AS (
    SELECT service, bucket, jsonb_object_agg(name, mean) AS figures
      FROM (SELECT service, bucket, name, round(sum(figure::numeric * looks) / sum(looks), 2) AS mean
              FROM looked, jsonb_each_text(looked.figures) AS each_figure (name, figure)
             GROUP BY service, bucket, name) AS means
     GROUP BY service, bucket
  ),
  points AS (
    SELECT service, bucket, (${STATES})[max(array_position(${STATES}, status::text))] AS status,
           round(sum(response_ms::numeric * looks) / sum(looks))::int AS response_ms,
           max(max_response_ms) AS max_response_ms, sum(looks)::int AS looks
      FROM looked GROUP BY service, bucket
  )`;

export async function addSamples({ sequelize }: Database, samples: HealthSample[]): Promise<void> {
  if (samples.length === 0) return;
  await sequelize.query(
    `INSERT INTO health_samples (service, at, status, response_ms, max_response_ms, message, figures)
     SELECT service, at, status, "responseMs", "responseMs", message, figures
       FROM jsonb_to_recordset($1::jsonb) AS sample (service varchar, at timestamptz, status varchar,
            "responseMs" int, message text, figures jsonb)
     ON CONFLICT DO NOTHING`,
    { bind: [JSON.stringify(samples)] },
  );
}

/** The newest look at each service that was looked at. */
export const latestSamples = (
  { sequelize }: Database,
  services: readonly string[],
): Promise<HealthSample[]> =>
  sequelize.query<HealthSample>(
    `SELECT service, at, status, response_ms AS "responseMs", message, figures
       FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
      CROSS JOIN LATERAL (SELECT * FROM health_samples WHERE service = name ORDER BY at DESC LIMIT 1) AS newest
      ORDER BY place`,
    { bind: [services], type: QueryTypes.SELECT },
  );

/** What was seen of a service from `from` on until before `to`, in buckets that are whole multiples since 1970. */
export const readHistory = (
  { sequelize }: Database,
  { service, from, to, bucketSeconds }: { service: string; from: Date; to: Date; bucketSeconds: number },
): Promise<HealthPoint[]> =>
  sequelize.query<HealthPoint>(
    `WITH looked AS (
       SELECT *, date_bin(make_interval(secs => $4::int), at, '1970-01-01Z') AS bucket
         FROM health_samples WHERE service = $1 AND at >= $2 AND at < $3
     ), ${MEANS}
     SELECT bucket AS at, status, response_ms AS "responseMs", max_response_ms AS "maxResponseMs", looks,
            coalesce(figures, '{}') AS figures
       FROM points LEFT JOIN figure_means USING (service, bucket) ORDER BY bucket`,
    { bind: [service, from, to, bucketSeconds], type: QueryTypes.SELECT },
  );

/** Puts rows of five minutes in the place of looks that are older than a day, and removes what is past its time. */
export async function thinSamples(
  { sequelize }: Database,
  { services, now, retentionDays }: { services: readonly string[]; now: Date; retentionDays: number },
): Promise<void> {
  const oldest = new Date(now.getTime() - retentionDays * 86_400_000);
  await sequelize.query("DELETE FROM health_samples WHERE service = ANY ($1) AND at < $2", {
    bind: [services, oldest],
  });
  const step = MEAN_SECONDS * 1000;
  const before = new Date(Math.floor((now.getTime() - KEEP_LOOKS_MS) / step) * step);
  await sequelize.query(
    `WITH looked AS (
       DELETE FROM health_samples WHERE service = ANY ($1) AND at < $2 AND NOT is_mean
       RETURNING *, date_bin('${MEAN_SECONDS} seconds', at, '1970-01-01Z') AS bucket
     ), ${MEANS}
     INSERT INTO health_samples (service, at, is_mean, status, response_ms, max_response_ms, looks, figures)
     SELECT service, bucket, true, status, response_ms, max_response_ms, looks, coalesce(figures, '{}')
       FROM points LEFT JOIN figure_means USING (service, bucket)
     ON CONFLICT DO NOTHING`,
    { bind: [services, before] },
  );
}
