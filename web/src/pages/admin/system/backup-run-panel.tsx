import type { BackupRun } from "../../../../../server/contract/backup.ts";
import { Button } from "../../../components/button.tsx";
import { ProgressBar } from "../../../components/progress-bar.tsx";
import { formatAgo, formatBytes } from "../../../i18n/format.ts";
import { useBackupActions } from "./backup-queries.ts";
import { percentOf } from "./run-progress.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

/** What is being made or verified now, how far it is, and the way to stop it. */
export function BackupRunPanel({ run }: { run: BackupRun }) {
  const { s, language } = useSystemI18n();
  const { cancel } = useBackupActions();
  const { task, step, filesDone, filesTotal, bytesDone, bytesTotal, startedAt } = run;
  const number = new Intl.NumberFormat(language);
  const title = s(`backups.run.${task}`);
  const facts = [
    filesTotal !== null &&
      s("backups.run.files", { done: number.format(filesDone), total: number.format(filesTotal) }),
    bytesTotal !== null &&
      s("backups.run.bytes", {
        done: formatBytes(bytesDone, language),
        total: formatBytes(bytesTotal, language),
      }),
    s("backups.run.started", { time: formatAgo(startedAt, Date.now(), language) }),
  ];
  return (
    <section className="sys-run" aria-label={title}>
      <div className="sys-bar-row">
        <div>
          <h3>{title}</h3>
          <p className="sys-quiet" role="status">
            {s(`backups.run.steps.${step}`)}
          </p>
        </div>
        <Button onClick={() => cancel.isPending || cancel.mutate()} aria-disabled={cancel.isPending}>
          {s(cancel.isPending ? "backups.run.canceling" : "backups.run.cancel")}
        </Button>
      </div>
      <ProgressBar label={title} percent={percentOf(run)} />
      <p className="sys-quiet sys-small">{facts.filter(Boolean).join(" · ")}</p>
    </section>
  );
}
