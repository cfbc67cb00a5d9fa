import type { AuditAction } from "../../contract/audit-actions.ts";
import { type FigureSource, summed } from "./figure.ts";
import { codeLabel, EACH_PROVIDER } from "./labels.ts";

interface AttemptRow {
  provider: string;
  state: string;
  code: string | null;
  attempts: number;
  retries: number;
}

/** States that an attempt never leaves. */
const SETTLED = ["accepted", "finished", "refused", "unsent"];

const eachOutcome = EACH_PROVIDER.flatMap((labels) =>
  SETTLED.map((outcome) => ({ ...labels, outcome, code: "" })),
);

/** Submits to providers by what became of them; those of generations that were deleted still count. */
export const attemptFigures: FigureSource<AttemptRow> = {
  sql: `SELECT provider, state, code, count(*)::float8 AS attempts,
               (count(*) FILTER (WHERE number > 1))::float8 AS retries
          FROM generation_attempts GROUP BY provider, state, code
        UNION ALL
        SELECT provider, state, code, attempts::float8, retries::float8 FROM deleted_attempts`,
  figures: [
    {
      type: "counter",
      name: "photo_to_3d_attempts_total",
      help: "Submits to a provider whose outcome is known; code says why one was refused or not sent.",
      labelNames: ["provider", "outcome", "code"],
      samples: (rows) =>
        summed(
          rows
            .filter(({ state }) => SETTLED.includes(state))
            .map(({ provider, state, code, attempts }) => ({
              labels: { provider, outcome: state, code: codeLabel(code) },
              value: attempts,
            })),
          eachOutcome,
        ),
    },
    {
      type: "counter",
      name: "photo_to_3d_attempt_retries_total",
      help: "Submits that were not the first of their generation, by themselves or by a person.",
      labelNames: ["provider"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, retries }) => ({ labels: { provider }, value: retries })),
          EACH_PROVIDER,
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_attempts_open",
      help: "Submits that are under way.",
      labelNames: ["provider"],
      samples: (rows) =>
        summed(
          rows
            .filter(({ state }) => state === "open")
            .map(({ provider, attempts }) => ({ labels: { provider }, value: attempts })),
          EACH_PROVIDER,
        ),
    },
  ],
};

interface UnknownRow {
  provider: string;
  unknown: number;
  oldestSeconds: number;
}

/** Submits that may or may not be charged and that nobody has decided about. */
export const unknownFigures: FigureSource<UnknownRow> = {
  sql: `SELECT g.provider, count(*)::float8 AS unknown,
               extract(epoch FROM now() - min(a.closed_at))::float8 AS "oldestSeconds"
          FROM generation_tasks g
          JOIN generation_attempts a ON a.generation_id = g.id AND a.number = g.attempts AND a.state = 'unknown'
         WHERE g.status IN ('submitting', 'needs-confirmation') GROUP BY g.provider`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_attempts_unknown",
      help: "Submits that the provider may or may not have accepted, not yet resolved.",
      labelNames: ["provider"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, unknown }) => ({ labels: { provider }, value: unknown })),
          EACH_PROVIDER,
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_attempts_unknown_oldest_age_seconds",
      help: "How long the oldest of them has been waiting; 0 where there is none.",
      labelNames: ["provider"],
      samples: (rows) =>
        summed(
          rows.map(({ provider, oldestSeconds }) => ({ labels: { provider }, value: oldestSeconds })),
          EACH_PROVIDER,
        ),
    },
  ],
};

const CONFIRMED: AuditAction = "generation.second-charge-accepted";

/** What people decided about them. */
export const confirmationFigures: FigureSource<{ confirmed: number }> = {
  sql: `SELECT (SELECT count(*) FROM audit_log WHERE action = '${CONFIRMED}')::float8
             + coalesce((SELECT deleted FROM audit_tally WHERE action = '${CONFIRMED}'), 0)::float8 AS confirmed`,
  figures: [
    {
      type: "counter",
      name: "photo_to_3d_confirmed_retries_total",
      help: "Retries for which a person accepted that the first submit may be charged too.",
      labelNames: [],
      samples: (rows) => rows.map(({ confirmed }) => ({ labels: {}, value: confirmed })),
    },
  ],
};
