import { type FigureSource, summed } from "./figure.ts";

interface Last {
  madeAt: number | null;
  verifiedAt: number | null;
  bytes: number | null;
  seconds: number | null;
}

const gaugeOf = (name: string, help: string, value: (last: Last) => number | null) => ({
  type: "gauge" as const,
  name,
  help,
  labelNames: [],
  samples: (rows: Last[]) =>
    rows.flatMap((row) => {
      const found = value(row);
      return found === null ? [] : [{ labels: {}, value: found }];
    }),
});

/** The newest backup that was made, and the newest that was found whole; no figure where there is none. */
export const lastBackupFigures: FigureSource<Last> = {
  sql: `SELECT extract(epoch FROM made.finished_at)::float8 AS "madeAt", made.size_bytes::float8 AS bytes,
               extract(epoch FROM made.finished_at - made.started_at)::float8 AS seconds,
               (SELECT extract(epoch FROM max(verified_at))::float8 FROM backup_runs WHERE verified_ok) AS "verifiedAt"
          FROM (SELECT 1) AS one LEFT JOIN LATERAL (
            SELECT * FROM backup_runs WHERE task = 'create' AND state = 'succeeded'
            ORDER BY finished_at DESC LIMIT 1
          ) AS made ON true`,
  figures: [
    gaugeOf(
      "photo_to_3d_backup_last_success_timestamp_seconds",
      "When the last backup was made, as Unix time.",
      ({ madeAt }) => madeAt,
    ),
    gaugeOf(
      "photo_to_3d_backup_last_verified_timestamp_seconds",
      "When a backup was last restored aside and found equal to what it was made of, as Unix time.",
      ({ verifiedAt }) => verifiedAt,
    ),
    gaugeOf(
      "photo_to_3d_backup_last_size_bytes",
      "The last backup: its compressed dump and all files it names.",
      ({ bytes }) => bytes,
    ),
    gaugeOf(
      "photo_to_3d_backup_last_duration_seconds",
      "How long the last backup took, its verification included.",
      ({ seconds }) => seconds,
    ),
  ],
};

const EACH_OUTCOME = ["create", "verify"].flatMap((task) =>
  ["succeeded", "failed", "canceled"].map((outcome) => ({ task, outcome })),
);

/** Ends of making and of verifying backups. */
export const backupRunFigures: FigureSource<{ task: string; outcome: string; runs: number }> = {
  sql: `SELECT task, state AS outcome, count(*)::float8 AS runs FROM backup_runs
         WHERE state <> 'running' GROUP BY 1, 2`,
  figures: [
    {
      type: "counter",
      name: "photo_to_3d_backup_runs_total",
      help: "Makings and separate verifications of backups that have ended, by what came of them.",
      labelNames: ["task", "outcome"],
      samples: (rows) =>
        summed(
          rows.map(({ task, outcome, runs }) => ({ labels: { task, outcome }, value: runs })),
          EACH_OUTCOME,
        ),
    },
  ],
};
