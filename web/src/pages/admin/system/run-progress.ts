import type { BackupRun } from "../../../../../server/contract/backup.ts";

/** How far a run is, in percent; null where nobody knows. Bytes say it best, and files where there are no bytes. */
export function percentOf({ bytesDone, bytesTotal, filesDone, filesTotal }: BackupRun): number | null {
  const share = bytesTotal ? bytesDone / bytesTotal : filesTotal ? filesDone / filesTotal : null;
  return share === null ? null : Math.min(100, Math.max(0, share * 100));
}
