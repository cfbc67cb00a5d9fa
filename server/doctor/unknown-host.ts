import { explainUnknownHost } from "../database/unknown-host.ts";
import { type Finding, problem } from "./check.ts";

/** What to say where the host of a setting has no address here; null where the error is about something else. */
export function unknownHost(setting: string, host: string, error: unknown): Finding | null {
  const found = explainUnknownHost(setting, host, error);
  return found && problem(found.message, found.cure);
}
