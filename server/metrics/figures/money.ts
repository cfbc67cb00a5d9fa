import { type FigureSource, summed } from "./figure.ts";
import { EACH_PAID } from "./labels.ts";

interface SpendingRow {
  provider: string;
  state: string;
  generations: number;
  roubles: number;
}

const inState = (state: string) => (rows: SpendingRow[]) =>
  summed(
    rows
      .filter((row) => row.state === state)
      .map(({ provider, roubles }) => ({ labels: { provider }, value: roubles })),
    EACH_PAID,
  );

/** All money that paid work took or may take; what belongs to deleted generations is still there. */
export const moneyFigures: FigureSource<SpendingRow> = {
  sql: `SELECT provider, state, count(*)::float8 AS generations, sum(roubles)::float8 AS roubles
          FROM spendings WHERE state <> 'released' GROUP BY provider, state`,
  figures: [
    {
      type: "counter",
      name: "photo_to_3d_spent_roubles_total",
      help: "Roubles that a provider said it charged.",
      labelNames: ["provider"],
      samples: inState("charged"),
    },
    {
      type: "gauge",
      name: "photo_to_3d_assumed_roubles",
      help: "Expected price of ended work that may have been charged without the provider naming a cost, roubles.",
      labelNames: ["provider"],
      samples: inState("assumed"),
    },
    {
      type: "gauge",
      name: "photo_to_3d_reserved_roubles",
      help: "Expected price of the paid work that is under way, roubles.",
      labelNames: ["provider"],
      samples: inState("reserved"),
    },
  ],
};

interface TodayRow {
  provider: string;
  generations: number;
  roubles: number;
}

/** What this day (UTC) took of the whole service's budget. */
export const budgetFigures: FigureSource<TodayRow> = {
  sql: `SELECT provider, count(*)::float8 AS generations, sum(roubles)::float8 AS roubles FROM spendings
         WHERE state <> 'released' AND key_source = 'service' AND created_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
         GROUP BY provider`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_budget_used_roubles",
      help: "Roubles of this day (UTC) that are charged, assumed or reserved.",
      labelNames: ["provider"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, roubles }) => ({ labels: { provider }, value: roubles })),
          EACH_PAID,
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_budget_used_generations",
      help: "Paid generations of this day (UTC).",
      labelNames: ["provider"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, generations }) => ({ labels: { provider }, value: generations })),
          EACH_PAID,
        ),
    },
  ],
};
