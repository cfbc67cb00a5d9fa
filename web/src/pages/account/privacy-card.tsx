import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { listProviders } from "../../api/providers.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { formatBytes } from "../../i18n/format.ts";
import styles from "./account.module.css";
import { AccountCard } from "./account-card.tsx";
import { useAccountI18n } from "./use-account-i18n.ts";
import { useDataExport } from "./use-data-export.ts";

/** What of a photo goes to others, by the engines that this server has. */
function WhatLeaves() {
  const { a, language } = useAccountI18n();
  const { data } = useQuery({
    queryKey: queryKeys.providers,
    queryFn: ({ signal }) => listProviders(signal),
  });
  const remote = data?.items.filter(({ available, sendsPhotoTo }) => available && sendsPhotoTo) ?? [];
  return (
    <div className={styles.words}>
      <h3>{a("privacy.outside")}</h3>
      {data && remote.length === 0 && <p>{a("privacy.nothing")}</p>}
      {remote.map(({ id, label, sendsPhotoTo }) => (
        <p key={id}>{a("privacy.sent", { engine: label[language], host: sendsPhotoTo ?? "" })}</p>
      ))}
      <p>{a("privacy.metadata")}</p>
    </div>
  );
}

function DataExport() {
  const { a, language } = useAccountI18n();
  const { start, stop, isRunning, isDone, bytes, error } = useDataExport();
  const size = formatBytes(bytes, language);
  return (
    <div className={styles.form}>
      <div className={styles.row}>
        <Button onClick={isRunning ? stop : start}>
          {!isRunning && <Download size={18} aria-hidden="true" />}
          {a(isRunning ? "privacy.stop" : "privacy.export")}
        </Button>
        <p className={styles.grow} role="status">
          {isDone ? a("privacy.exported", { size }) : a("privacy.exportHint")}
        </p>
      </div>
      {isRunning && <ProgressBar label={a("privacy.export")} percent={null} />}
      {isRunning && <p>{a("privacy.exporting", { size })}</p>}
      {error && <ErrorNotice error={error} title={a("privacy.exportFailed")} />}
    </div>
  );
}

/** What leaves the server, and a copy of all that is kept here of the person. */
export function PrivacyCard() {
  const { a } = useAccountI18n();
  return (
    <AccountCard heading={a("privacy.heading")}>
      <WhatLeaves />
      <DataExport />
    </AccountCard>
  );
}
