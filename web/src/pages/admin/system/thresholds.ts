import type { SystemInfo } from "../../../../../server/contract/system.ts";
import { useSystemInfo } from "./system-queries.ts";

/** A number among the settings; null where it is not known. */
export function settingNumber(info: SystemInfo | undefined, name: string): number | null {
  const text = info?.settings.find((setting) => setting.name === name)?.value;
  const value = text ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** Milliseconds from which a service counts as slow, as the server's settings have it. */
export function useSlowThreshold(): number | null {
  const { data } = useSystemInfo();
  return settingNumber(data, "ALERT_THRESHOLD_RESPONSE_TIME");
}
