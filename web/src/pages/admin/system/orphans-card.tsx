import { SearchCheck, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import type { OrphanReport } from "../../../../../server/contract/system.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { formatBytes } from "../../../i18n/format.ts";
import { paths } from "../../../paths.ts";
import account from "../../account/account.module.css";
import { AccountCard } from "../../account/account-card.tsx";
import { ConfirmDialog } from "../../webhooks/confirm-dialog.tsx";
import { useOrphanSweep } from "./control-queries.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

function Report({ report }: { report: OrphanReport }) {
  const { s, language } = useSystemI18n();
  const { files, rows, removed, isOwnStore } = report;
  if (!isOwnStore) return <Notice tone="warn">{s("orphans.foreign")}</Notice>;
  const left = files.count - removed;
  return (
    <>
      {removed > 0 && <Notice tone="good">{s("orphans.removed", { count: removed })}</Notice>}
      {left <= 0 && rows.count === 0 && removed === 0 && <Notice tone="good">{s("orphans.clean")}</Notice>}
      {left > 0 && (
        <Notice
          tone="warn"
          title={s("orphans.files", { count: left, size: formatBytes(files.bytes, language) })}
        >
          <details>
            <summary>{s("orphans.sample")}</summary>
            <ul className="sys-codes">
              {files.sample.map((key) => (
                <li key={key}>
                  <code>{key}</code>
                </li>
              ))}
            </ul>
          </details>
        </Notice>
      )}
      {rows.count > 0 && (
        <Notice tone="error" title={s("orphans.rows", { count: rows.count })}>
          <p>{s("orphans.rowsHint")}</p>
          <ul className="sys-codes">
            {rows.sample.map(({ kind, key, modelId }) => (
              <li key={`${kind} ${key}`}>
                <code>{key}</code> {modelId && <Link href={paths.model(modelId)}>{s("orphans.model")}</Link>}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

/** Where the store and the records don't agree, and what can be done about it. */
export function OrphansCard() {
  const { s } = useSystemI18n();
  const sweep = useOrphanSweep();
  const [isAsking, setIsAsking] = useState(false);
  const report = sweep.data;
  const left = report?.isOwnStore ? report.files.count - report.removed : 0;
  return (
    <AccountCard heading={s("orphans.heading")} lead={s("orphans.lead")}>
      <div role="status" className={`${account.form} sys-live`}>
        {report && <Report report={report} />}
      </div>
      <div className={account.row}>
        <Button onClick={() => sweep.isPending || sweep.mutate(false)} aria-disabled={sweep.isPending}>
          <SearchCheck size={18} aria-hidden="true" />
          {s(sweep.isPending ? "orphans.looking" : "orphans.look")}
        </Button>
        {left > 0 && (
          <Button variant="danger" onClick={() => setIsAsking(true)}>
            <Trash2 size={18} aria-hidden="true" />
            {s("orphans.remove", { count: left })}
          </Button>
        )}
      </div>
      {isAsking && (
        <ConfirmDialog
          title={s("orphans.askTitle", { count: left })}
          hint={s("orphans.askHint")}
          confirm={s("orphans.removeNow")}
          variant="danger"
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false);
            sweep.mutate(true);
          }}
        />
      )}
    </AccountCard>
  );
}
