import { Lock, ShieldAlert, ShieldCheck, ShieldQuestionMark } from "lucide-react";
import { useState } from "react";
import type { Backup } from "../../../../../server/contract/backup.ts";
import { formatAgo, formatBytes, formatDuration } from "../../../i18n/format.ts";
import { ConfirmDialog } from "../../webhooks/confirm-dialog.tsx";
import { BackupMenu, type BackupTask } from "./backup-menu.tsx";
import { useBackupActions } from "./backup-queries.ts";
import { sizeOf, verdictOf } from "./backup-verdict.ts";
import { RestoreDialog } from "./restore-dialog.tsx";
import { useSystemI18n } from "./use-system-i18n.ts";

const LOOKS = {
  whole: { tone: "good", Icon: ShieldCheck },
  sums: { tone: "good", Icon: ShieldCheck },
  damaged: { tone: "bad", Icon: ShieldAlert },
  open: { tone: "off", Icon: ShieldQuestionMark },
} as const;

function Marks({ backup }: { backup: Backup }) {
  const { s } = useSystemI18n();
  const verdict = verdictOf(backup);
  const { tone, Icon } = LOOKS[verdict];
  return (
    <p className="sys-marks">
      <span className="sys-mark" data-tone={tone}>
        <Icon size={14} aria-hidden="true" />
        {s(`backups.verdicts.${verdict}`)}
      </span>
      <span className="sys-mark">{s(`backups.kinds.${backup.kind}`)}</span>
      {backup.encrypted && (
        <span className="sys-mark">
          <Lock size={14} aria-hidden="true" />
          {s("backups.encrypted")}
        </span>
      )}
      {backup.isForeign && (
        <span className="sys-mark" data-tone="warn">
          {s("backups.foreign")}
        </span>
      )}
      {backup.isLastVerified && (
        <span className="sys-mark" data-tone="accent">
          {s("backups.lastProved")}
        </span>
      )}
    </p>
  );
}

function Facts({ backup, now }: { backup: Backup; now: number }) {
  const { s, language } = useSystemI18n();
  const number = new Intl.NumberFormat(language);
  const size = (bytes: number) => formatBytes(bytes, language);
  const { databaseBytes, fileBytes, files, rows, seconds, version, verdict } = backup;
  const counts = (of: { tables: number; rows: number; files: number }) => ({
    tables: number.format(of.tables),
    rows: number.format(of.rows),
    files: number.format(of.files),
  });
  const facts = [
    s("backups.facts", { database: size(databaseBytes), files: size(fileBytes) }),
    s("backups.counts", { files: number.format(files), rows: number.format(rows) }),
    s("backups.took", { time: formatDuration(seconds, language) }),
    s("backups.version", { version }),
  ];
  const ago = (time: string) => formatAgo(time, now, language);
  const proof = verdict && [
    verdict.scope === "restored"
      ? s("backups.checkedAt", { time: ago(verdict.at), ...counts(verdict) })
      : s("backups.sumsAt", { time: ago(verdict.at) }),
    verdict.scope === "checksums" &&
      verdict.restoredAt &&
      s("backups.restoredAt", { time: ago(verdict.restoredAt) }),
  ];
  return (
    <>
      {/* Of one that can't be read nothing is known. */}
      {version && <p className="sys-quiet sys-small">{facts.join(" · ")}</p>}
      {proof && <p className="sys-quiet sys-small">{proof.filter(Boolean).join(" · ")}</p>}
      {verdict && verdict.details.length > 0 && (
        <details>
          <summary>{s("backups.details")}</summary>
          <ul className="sys-codes">
            {verdict.details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface BackupItemProps {
  backup: Backup;
  /** Milliseconds. */
  now: number;
  /** Whether another one is being made, verified or restored. */
  isBusy: boolean;
}

/** One backup: when, how large, how far it can be relied on, and what can be done with it. */
export function BackupItem({ backup, now, isBusy }: BackupItemProps) {
  const { s, language } = useSystemI18n();
  const { verify, remove } = useBackupActions();
  const [task, setTask] = useState<BackupTask | null>(null);
  const { filename, createdAt, isForeign, isLastVerified } = backup;
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const close = () => setTask(null);
  const begin = (chosen: BackupTask) => {
    if (chosen === "verify" && !isForeign) verify.mutate({ filename });
    else setTask(chosen);
  };
  return (
    <li className="sys-backup">
      <div className="sys-words">
        <p className="sys-strong">
          {moment.format(new Date(createdAt))}, {formatBytes(sizeOf(backup), language)}
        </p>
        <Marks backup={backup} />
        <p className="sys-small">
          <code>{filename}</code>
        </p>
        <Facts backup={backup} now={now} />
      </div>
      <BackupMenu filename={filename} isBusy={isBusy} onTask={begin} />
      {task === "restore" && <RestoreDialog backup={backup} onClose={close} />}
      {task === "verify" && (
        <ConfirmDialog
          title={s("backups.foreign")}
          hint={s("backups.foreignHint")}
          confirm={s("backups.foreignVerify")}
          variant="danger"
          onClose={close}
          onConfirm={() => {
            close();
            verify.mutate({ filename, foreign: true });
          }}
        />
      )}
      {task === "delete" && (
        <ConfirmDialog
          title={s("backups.deleteTitle")}
          hint={s(isLastVerified ? "backups.deleteLastHint" : "backups.deleteHint", { name: filename })}
          confirm={s("backups.deleteNow")}
          variant="danger"
          onClose={close}
          onConfirm={() => {
            close();
            remove.mutate(backup);
          }}
        />
      )}
    </li>
  );
}
