import { GENERATION_STATUSES } from "../../contract/generation.ts";
import { type FigureSource, summed } from "./figure.ts";
import { codeLabel, EACH_PROVIDER } from "./labels.ts";

interface StatusRow {
  provider: string;
  status: string;
  code: string | null;
  generations: number;
}

const each = (name: string, values: readonly string[]) =>
  EACH_PROVIDER.flatMap((labels) => values.map((value) => ({ ...labels, [name]: value })));

/** All generations that there are, by state. */
export const generationFigures: FigureSource<StatusRow> = {
  sql: `SELECT provider, status, error_code AS code, count(*)::float8 AS generations
          FROM generation_tasks GROUP BY provider, status, error_code`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_generations",
      help: "Generations by state; a retry takes one back out of failed or canceled.",
      labelNames: ["provider", "status"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, status, generations }) => ({
            labels: { provider, status },
            value: generations,
          })),
          each("status", GENERATION_STATUSES),
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_generations_failed",
      help: "Failed generations by the code of their error.",
      labelNames: ["provider", "code"],
      samples: (rows) =>
        summed(
          rows
            .filter(({ status }) => status === "failed")
            .map(({ provider, code, generations }) => ({
              labels: { provider, code: codeLabel(code) },
              value: generations,
            })),
        ),
    },
  ],
};

interface RecentRow {
  provider: string;
  status: string;
  generations: number;
  meanSeconds: number;
}

/** What ended within the last hour: the base of an error rate that is the same on every replica. */
export const recentFigures: FigureSource<RecentRow> = {
  sql: `SELECT provider, status, count(*)::float8 AS generations,
               avg(extract(epoch FROM finished_at - created_at))::float8 AS "meanSeconds"
          FROM generation_tasks WHERE finished_at > now() - interval '1 hour' GROUP BY provider, status`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_generations_finished_last_hour",
      help: "Generations that ended within the last hour, by outcome.",
      labelNames: ["provider", "outcome"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, status, generations }) => ({
            labels: { provider, outcome: status },
            value: generations,
          })),
          each("outcome", ["succeeded", "failed", "canceled"]),
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_generation_mean_duration_seconds",
      help: "Mean time from acceptance to success of those that succeeded within the last hour.",
      labelNames: ["provider"],
      samples: (rows) =>
        rows
          .filter(({ status }) => status === "succeeded")
          .map(({ provider, meanSeconds }) => ({ labels: { provider }, value: meanSeconds })),
    },
  ],
};
