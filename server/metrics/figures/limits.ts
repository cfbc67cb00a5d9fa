import { BREAKER_SQL, type BreakerState, RETRIES_SQL } from "../../models/provider-limits.ts";
import type { FigureSource } from "./figure.ts";
import { codeLabel } from "./labels.ts";

interface LimitsRow {
  provider: string;
  breaker: BreakerState;
  retriesLeft: number;
  waitSeconds: number;
}

const STATES: BreakerState[] = ["closed", "half-open", "open"];

/** What all replicas share about a remote provider. */
export const limitFigures: FigureSource<LimitsRow> = {
  sql: `SELECT provider, ${BREAKER_SQL} AS breaker, (${RETRIES_SQL})::float8 AS "retriesLeft",
               coalesce(extract(epoch FROM greatest(wait_until - now(), interval '0')), 0)::float8 AS "waitSeconds"
          FROM provider_limits`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_provider_breaker_state",
      help: "1 for the state that the circuit breaker of a provider is in, 0 for the others.",
      labelNames: ["provider", "state"],
      samples: (rows) =>
        rows.flatMap(({ provider, breaker }) =>
          STATES.map((state) => ({ labels: { provider, state }, value: state === breaker ? 1 : 0 })),
        ),
    },
    {
      type: "gauge",
      name: "photo_to_3d_provider_retries_left",
      help: "Retries to a provider that the retry budget allows at this moment.",
      labelNames: ["provider"],
      samples: (rows) =>
        rows.map(({ provider, retriesLeft }) => ({ labels: { provider }, value: retriesLeft })),
    },
    {
      type: "gauge",
      name: "photo_to_3d_provider_wait_seconds",
      help: "How long nothing is sent because the provider asked to wait; 0 where it did not.",
      labelNames: ["provider"],
      samples: (rows) =>
        rows.map(({ provider, waitSeconds }) => ({ labels: { provider }, value: waitSeconds })),
    },
  ],
};

/** Providers to which nothing is sent until a person has put something right. */
export const pauseFigures: FigureSource<{ provider: string; code: string; isPaused: boolean }> = {
  sql: `SELECT provider, code, until > now() AS "isPaused" FROM provider_pauses`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_provider_paused",
      help: "1 while nothing is sent to a provider because it has no money or refuses the key, by that code.",
      labelNames: ["provider", "code"],
      samples: (rows) =>
        rows.map(({ provider, code, isPaused }) => ({
          labels: { provider, code: codeLabel(code) },
          value: isPaused ? 1 : 0,
        })),
    },
  ],
};
