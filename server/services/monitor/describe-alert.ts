import type { Alert as AlertView } from "../../contract/monitor.ts";
import type { AlertState } from "../../models/alert.ts";
import { alertText } from "./alert-texts.ts";

/** An alert with its words, as the API and the webhook tell it. */
export const describeAlert = (alert: AlertState): AlertView => ({
  id: alert.id,
  key: alert.key,
  service: alert.service,
  severity: alert.severity,
  state: alert.resolvedAt ? "resolved" : "open",
  ...alertText(alert.key),
  value: alert.value,
  threshold: alert.threshold,
  unit: alert.unit,
  openedAt: alert.openedAt.toISOString(),
  resolvedAt: alert.resolvedAt?.toISOString() ?? null,
  notices: alert.notices,
});
