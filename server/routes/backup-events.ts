import type { EventStream } from "../http/event-stream.ts";
import type { Locale } from "../http/locale.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import type { RunningBackups } from "../services/backups/start-backups.ts";
import { isStanding } from "../services/standing.ts";
import type { SystemState } from "../services/system/system-state.ts";

interface Deps {
  records: Records;
  switches: Pick<SystemState, "watch">;
  backups: Pick<RunningBackups, "status">;
}

/** Also reads anew when no notice came: notices may be missed, and a process that died gives none. */
const REFRESH_MS = 5000;

/** Sends the status at once and whenever it has changed. The stream ends with the session or key that opened it. */
export function followStatus(
  { records, switches, backups }: Deps,
  stream: EventStream,
  { caller, locale }: { caller: Caller; locale: Locale },
): void {
  if (stream.closed.aborted) return;
  let sent = "";
  let count = 0;
  let reading = false;
  let again = false;

  const wake = async () => {
    again = true;
    if (reading) return;
    reading = true;
    try {
      while (again && !stream.closed.aborted) {
        again = false;
        if (!(await isStanding(records, caller))) return stream.end();
        const status = await backups.status(locale);
        const text = JSON.stringify(status);
        if (text === sent) continue;
        sent = text;
        count += 1;
        stream.send("backup", String(count), status);
      }
    } catch {
      // Whoever follows opens it again.
      stream.end();
    } finally {
      reading = false;
    }
  };

  const unwatch = switches.watch(wake);
  const timer = setInterval(wake, REFRESH_MS);
  stream.closed.addEventListener("abort", () => {
    unwatch();
    clearInterval(timer);
  });
  void wake();
}
