import { Download, ScrollText, SearchX } from "lucide-react";
import type { AuditEntry } from "../../../../server/contract/audit.ts";
import { type AuditFilter, auditExportUrl } from "../../api/admin.ts";
import { Button, buttonClass } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Spinner } from "../../components/spinner.tsx";
import account from "../account/account.module.css";
import { AdminFrame } from "./admin-frame.tsx";
import styles from "./audit.module.css";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditItem } from "./audit-item.tsx";
import { useAudit, useKnownMembers } from "./audit-queries.ts";
import { useAdminI18n } from "./use-admin-i18n.ts";
import { toFilter, useAuditFilter } from "./use-audit-filter.ts";

const DAY_MS = 86_400_000;

/** Entries by the days of the visitor's time zone, in their order. */
function byDay(entries: readonly AuditEntry[]): [day: string, entries: AuditEntry[]][] {
  const days = Map.groupBy(entries, ({ createdAt }) => new Date(createdAt).toDateString());
  return [...days];
}

function Timeline({ entries }: { entries: readonly AuditEntry[] }) {
  const { d, language } = useAdminI18n();
  const { names } = useKnownMembers();
  const now = Date.now();
  const nameDay = (day: string) => {
    if (day === new Date(now).toDateString()) return d("audit.today");
    if (day === new Date(now - DAY_MS).toDateString()) return d("audit.yesterday");
    return new Intl.DateTimeFormat(language, { dateStyle: "full" }).format(new Date(day));
  };
  return byDay(entries).map(([day, ofDay]) => (
    <section key={day} aria-label={nameDay(day)}>
      <h2 className={styles.day}>{nameDay(day)}</h2>
      <ol className={account.items}>
        {ofDay.map((entry) => (
          <AuditItem key={entry.id} entry={entry} names={names} now={now} />
        ))}
      </ol>
    </section>
  ));
}

function AuditList({ filter, isFiltered }: { filter: AuditFilter; isFiltered: boolean }) {
  const { d } = useAdminI18n();
  const list = useAudit(filter);
  if (list.isPending) return <Spinner label={d("audit.loading")} />;
  if (!list.data || list.error) {
    const retry = () => void list.refetch();
    return <ErrorNotice error={list.error} title={d("audit.loadFailed")} onRetry={retry} />;
  }
  const entries = list.data.pages.flatMap(({ items }) => items);
  if (entries.length === 0) {
    const Icon = isFiltered ? SearchX : ScrollText;
    return (
      <EmptyState
        icon={<Icon size={40} aria-hidden="true" />}
        title={d(isFiltered ? "audit.none" : "audit.empty")}
        hint={d(isFiltered ? "audit.noneHint" : "audit.emptyHint")}
      />
    );
  }
  return (
    <div className={account.form} aria-busy={list.isPlaceholderData}>
      <Timeline entries={entries} />
      {list.hasNextPage && (
        <div>
          <Button aria-disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {d(list.isFetchingNextPage ? "audit.loadingMore" : "audit.more")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Who did what, when and from where; to read, to filter and to take along. */
export default function AuditLogPage() {
  const { d } = useAdminI18n();
  const filters = useAuditFilter();
  const filter = toFilter(filters.choice);
  return (
    <AdminFrame page={d("audit.page")} heading={d("audit.heading")}>
      <p className={account.quiet}>{d("audit.lead")}</p>
      <AuditFilters {...filters} />
      <div className={account.row}>
        <span>{d("audit.export")}</span>
        {(["csv", "ndjson"] as const).map((format) => (
          <a key={format} className={buttonClass()} href={auditExportUrl(filter, format)} download>
            <Download size={18} aria-hidden="true" />
            {d(`audit.${format}`)}
          </a>
        ))}
      </div>
      <AuditList filter={filter} isFiltered={filters.isFiltered} />
    </AdminFrame>
  );
}
