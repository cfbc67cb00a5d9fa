import type { Backup } from "../../../../../server/contract/backup.ts";
import { formatBytes, formatDay } from "../../../i18n/format.ts";
import { sizeOf, VERDICTS, verdictOf } from "./backup-verdict.ts";
import { HourColumns } from "./hour-columns.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

/** A picture of all backups: how large they are, and how far they can be relied on. */
export function BackupSizes({ backups }: { backups: readonly Backup[] }) {
  const { s, language } = useSystemI18n();
  const oldestFirst = backups.toReversed();
  const sizes = backups.map(sizeOf);
  const size = (bytes: number) => formatBytes(bytes, language);
  const first = formatDay(oldestFirst[0].createdAt, language);
  const last = formatDay(oldestFirst[oldestFirst.length - 1].createdAt, language);
  const largest = s("backups.largest", { size: size(Math.max(...sizes)) });
  const title = (backup: Backup) =>
    [backup.filename, size(sizeOf(backup)), s(`backups.verdicts.${verdictOf(backup)}`)].join(", ");
  const counts = (backup: Backup) =>
    VERDICTS.map((name) => (name === verdictOf(backup) ? sizeOf(backup) : 0));
  return (
    <div className="sys-words">
      <HourColumns
        columns={oldestFirst.map((backup) => ({
          key: backup.filename,
          counts: counts(backup),
          title: title(backup),
        }))}
        parts={VERDICTS}
        label={`${s("backups.sizes")}: ${s("backups.sizesLabel", {
          count: backups.length,
          size: size(Math.min(...sizes)),
          most: size(Math.max(...sizes)),
        })}`}
        captions={first === last ? [first, largest] : [first, largest, last]}
      />
      <ul className="sys-legend">
        {VERDICTS.map((name) => {
          const count = backups.filter((backup) => verdictOf(backup) === name).length;
          return count > 0 ? (
            <li key={name}>
              <span className="sys-dot" data-part={name} aria-hidden="true" />
              {s(`backups.verdicts.${name}`)} <strong>{count}</strong>
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}
