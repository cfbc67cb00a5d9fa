import { type FigureSource, summed } from "./figure.ts";

/** Deliveries that wait: until their time, or because nobody takes them. */
export const webhookFigures: FigureSource<{ pending: number; dueSeconds: number }> = {
  sql: `SELECT count(*)::float8 AS pending,
               coalesce(extract(epoch FROM greatest(now() - min(next_attempt_at), interval '0')), 0)::float8
                 AS "dueSeconds"
          FROM webhook_deliveries WHERE state = 'pending'`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_webhook_deliveries_pending",
      help: "Webhook deliveries that were not taken yet, those that wait for a repeat included.",
      labelNames: [],
      samples: (rows) => rows.map(({ pending }) => ({ labels: {}, value: pending })),
    },
    {
      type: "gauge",
      name: "photo_to_3d_webhook_deliveries_due_oldest_age_seconds",
      help: "How long the oldest webhook delivery has been due; 0 where none is.",
      labelNames: [],
      samples: (rows) => rows.map(({ dueSeconds }) => ({ labels: {}, value: dueSeconds })),
    },
  ],
};

const EACH_STATE = ["enabled", "paused", "gone", "failing"].map((state) => ({ state }));

/** Receivers of webhooks. */
export const webhookEndpointFigures: FigureSource<{ state: string; endpoints: number }> = {
  sql: `SELECT coalesce(disabled_reason, 'enabled') AS state, count(*)::float8 AS endpoints
          FROM webhook_endpoints GROUP BY 1`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_webhook_endpoints",
      help: "Receivers of webhooks: enabled, paused by their owner, gone (410), or disabled because they kept failing.",
      labelNames: ["state"],
      samples: (rows) =>
        summed(
          rows.map(({ state, endpoints }) => ({ labels: { state }, value: endpoints })),
          EACH_STATE,
        ),
    },
  ],
};
