import { JOB_EXPIRY_SECONDS } from "../../queue/catalogue.ts";
import { type FigureSource, summed } from "./figure.ts";
import { EACH_PROVIDER } from "./labels.ts";

/** How long the oldest generation has been queued. */
export const queuedFigures: FigureSource<{ provider: string; oldestSeconds: number }> = {
  sql: `SELECT provider, extract(epoch FROM now() - min(queued_at))::float8
               AS "oldestSeconds"
          FROM generation_tasks WHERE status = 'queued' GROUP BY provider`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_generations_queued_oldest_age_seconds",
      help: "How long the oldest queued generation has been waiting to be sent; 0 where none waits.",
      labelNames: ["provider"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, oldestSeconds }) => ({ labels: { provider }, value: oldestSeconds })),
          EACH_PROVIDER,
        ),
    },
  ],
};

interface JobRow {
  queue: string;
  ready: number;
  delayed: number;
  active: number;
  oldestSeconds: number;
}

const EACH_QUEUE = Object.keys(JOB_EXPIRY_SECONDS).map((queue) => ({ queue }));

const ofQueue = (value: (row: JobRow) => number) => (rows: JobRow[]) =>
  summed(
    rows.map((row) => ({ labels: { queue: row.queue }, value: value(row) })),
    EACH_QUEUE,
  );

/** Jobs by queue (pg-boss); those that have ended are not looked at. */
export const jobFigures: FigureSource<JobRow> = {
  sql: `SELECT name AS queue,
               (count(*) FILTER (WHERE state < 'active' AND start_after <= now()))::float8 AS ready,
               (count(*) FILTER (WHERE state < 'active' AND start_after > now()))::float8 AS delayed,
               (count(*) FILTER (WHERE state = 'active'))::float8 AS active,
               coalesce(extract(epoch FROM now() - min(start_after)
                 FILTER (WHERE state < 'active' AND start_after <= now())), 0)::float8 AS "oldestSeconds"
          FROM jobs.job WHERE state <= 'active' AND name = ANY ('{${EACH_QUEUE.map(({ queue }) => queue)}}')
         GROUP BY name`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_jobs",
      help: "Jobs by queue and state: ready to run, delayed until later, active.",
      labelNames: ["queue", "state"],
      samples: (rows) =>
        (["ready", "delayed", "active"] as const).flatMap((state) =>
          ofQueue((row) => row[state])(rows).map(({ labels, value }) => ({
            labels: { ...labels, state },
            value,
          })),
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_jobs_ready_oldest_age_seconds",
      help: "How long the oldest job that could run has been waiting; 0 where none waits.",
      labelNames: ["queue"],
      samples: ofQueue((row) => row.oldestSeconds),
    },
  ],
};
