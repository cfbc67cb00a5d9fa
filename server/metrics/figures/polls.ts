import { type FigureSource, summed } from "./figure.ts";
import { EACH_PAID } from "./labels.ts";

interface PollRow {
  provider: string;
  scheduled: number;
  due: number;
  dueSeconds: number;
}

const ofProvider = (value: (row: PollRow) => number) => (rows: PollRow[]) =>
  summed(
    rows.map((row) => ({ labels: { provider: row.provider }, value: value(row) })),
    EACH_PAID,
  );

/** Work that a remote provider has in hand and that is asked for; the condition is that of the index. */
export const pollFigures: FigureSource<PollRow> = {
  sql: `SELECT provider, (count(*) FILTER (WHERE wake_at > now()))::float8 AS scheduled,
               (count(*) FILTER (WHERE wake_at <= now()))::float8 AS due,
               extract(epoch FROM greatest(now() - min(wake_at), interval '0'))::float8 AS "dueSeconds"
          FROM generation_tasks
         WHERE remote_id IS NOT NULL AND status IN ('processing', 'canceled') AND wake_at IS NOT NULL
         GROUP BY provider`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_polls",
      help: "Generations that a provider has in hand, by whether it is time to ask for them: scheduled, due.",
      labelNames: ["provider", "state"],
      samples: (rows) =>
        (["scheduled", "due"] as const).flatMap((state) =>
          ofProvider((row) => row[state])(rows).map(({ labels, value }) => ({
            labels: { ...labels, state },
            value,
          })),
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_polls_due_oldest_age_seconds",
      help: "How long it has been time to ask for the one that was due first; 0 where none is due.",
      labelNames: ["provider"],
      samples: ofProvider((row) => row.dueSeconds),
    },
  ],
};
