import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Spinner } from "../../../components/spinner.tsx";
import { useI18n } from "../../../i18n/use-i18n.ts";
import { useSystemI18n } from "./use-system-i18n.ts";

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** What could not be loaded, as a sentence. */
  failed: string;
  children: (data: T) => ReactNode;
}

/** What a query found; what was found before stays in sight, with a word that it is not fresh. */
export function Loaded<T>({ query, failed, children }: LoadedProps<T>) {
  const { t } = useI18n();
  const { s } = useSystemI18n();
  if (query.isPending) return <Spinner label={t("app.loading")} />;
  if (query.data === undefined) {
    return <ErrorNotice error={query.error} title={failed} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      {query.isError && <Notice tone="warn">{s("stale")}</Notice>}
      {children(query.data)}
    </>
  );
}
