import { Archive } from "lucide-react";
import { useState } from "react";
import type { BackupStatus } from "../../../../../server/contract/backup.ts";
import { Button } from "../../../components/button.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Check } from "../../../components/field.tsx";
import { Notice } from "../../../components/notice.tsx";
import account from "../../account/account.module.css";
import { AccountCard } from "../../account/account-card.tsx";
import { BackupItem } from "./backup-item.tsx";
import { useBackupActions, useBackupStatus, useBackups } from "./backup-queries.ts";
import { BackupRunPanel } from "./backup-run-panel.tsx";
import { BackupSizes } from "./backup-sizes.tsx";
import { BackupFigures, BackupSchedule } from "./backups-summary.tsx";
import { Loaded } from "./loaded.tsx";
import { RestorePanel } from "./restore-panel.tsx";
import { useRestoreStatus } from "./restore-queries.ts";
import { useBackupFeed } from "./use-backup-feed.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

function CreateRow({ isBusy }: { isBusy: boolean }) {
  const { s } = useSystemI18n();
  const { create } = useBackupActions();
  const [verify, setVerify] = useState(true);
  const cannot = isBusy || create.isPending;
  return (
    <div className={account.row}>
      <Button
        variant="primary"
        aria-disabled={cannot}
        disabled={isBusy}
        onClick={() => cannot || create.mutate(verify)}
      >
        <Archive size={18} aria-hidden="true" />
        {s("backups.create")}
      </Button>
      <Check label={s("backups.verifyToo")} checked={verify} disabled={isBusy} onChange={setVerify} />
    </div>
  );
}

function LastFailure({ last }: { last: BackupStatus["last"] }) {
  const { s } = useSystemI18n();
  if (!last || (last.state !== "failed" && !last.error)) return null;
  const title = last.task === "create" ? "backups.run.failedCreate" : "backups.run.failedVerify";
  const isMade = last.state === "succeeded";
  return (
    <Notice tone={isMade ? "warn" : "error"} title={s(isMade ? "backups.run.unproved" : title)}>
      {last.error ?? undefined}
    </Notice>
  );
}

function BackupItems({ isBusy }: { isBusy: boolean }) {
  const { s } = useSystemI18n();
  const backups = useBackups();
  return (
    <Loaded query={backups} failed={s("backups.listFailed")}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState
            icon={<Archive size={40} aria-hidden="true" />}
            title={s("backups.empty")}
            hint={s("backups.emptyHint")}
          />
        ) : (
          <>
            {items.length > 1 && <BackupSizes backups={items} />}
            <ul className="sys-list" aria-label={s("backups.list")}>
              {items.map((backup) => (
                <BackupItem
                  key={backup.filename}
                  backup={backup}
                  now={backups.dataUpdatedAt}
                  isBusy={isBusy}
                />
              ))}
            </ul>
          </>
        )
      }
    </Loaded>
  );
}

/** What is kept for a bad day: make it, prove it, take it along, bring it back. */
export function BackupsView() {
  const { s } = useSystemI18n();
  const status = useBackupStatus();
  const restore = useRestoreStatus();
  useBackupFeed(status.data);
  const current = status.data?.current ?? null;
  const isRestoring = restore.data !== undefined && restore.data.state !== "none";
  const isBusy = current !== null || isRestoring;
  const lead = status.data && { lead: s("backups.lead", { target: status.data.target }) };
  return (
    <AccountCard heading={s("backups.heading")} {...lead}>
      <Loaded query={restore} failed={s("backups.restoring.stateFailed")}>
        {(data) => <RestorePanel status={data} />}
      </Loaded>
      <Loaded query={status} failed={s("backups.failed")}>
        {(data) => (
          <>
            {!data.current && <LastFailure last={data.last} />}
            <BackupFigures status={data} now={status.dataUpdatedAt} />
            {data.current && <BackupRunPanel run={data.current} />}
            <CreateRow isBusy={isBusy} />
            <BackupSchedule schedule={data.schedule} />
          </>
        )}
      </Loaded>
      <BackupItems isBusy={isBusy} />
    </AccountCard>
  );
}
