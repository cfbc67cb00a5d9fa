import { ALERT_SEVERITIES } from "../../models/alert-severities.ts";
import { type FigureSource, summed } from "./figure.ts";

const EACH_RULE = Object.entries(ALERT_SEVERITIES).map(([rule, severity]) => ({ rule, severity }));

/** What the connection monitor warns of now; what another version raised is "other". */
export const alertFigures: FigureSource<{ key: string; severity: string; open: number }> = {
  sql: `SELECT key, severity, count(*)::float8 AS open FROM alerts WHERE resolved_at IS NULL GROUP BY key, severity`,
  figures: [
    {
      type: "gauge",
      name: "photo_to_3d_alerts_open",
      help: "Alerts of the connection monitor that are open, by rule; `other` for those of another version.",
      labelNames: ["rule", "severity"],
      samples: (rows) =>
        summed(
          rows.map(({ key, severity, open }) => ({
            labels: { rule: key in ALERT_SEVERITIES ? key : "other", severity },
            value: open,
          })),
          EACH_RULE,
        ),
    },
  ],
};
