import type { Backup } from "../../contract/backup.ts";

const DAY_MS = 86_400_000;

/**
 * Which backups have had their time: those older than `days`, except the newest that was found whole, however old, and
 * the newest of all.
 */
export function pastTime(
  backups: Pick<Backup, "filename" | "createdAt" | "isLastVerified">[],
  now: Date,
  days: number,
): string[] {
  const oldest = now.getTime() - days * DAY_MS;
  const newest = Math.max(...backups.map(({ createdAt }) => Date.parse(createdAt)));
  return backups
    .filter(({ createdAt, isLastVerified }) => {
      const at = Date.parse(createdAt);
      return at < oldest && at !== newest && !isLastVerified;
    })
    .map(({ filename }) => filename);
}
