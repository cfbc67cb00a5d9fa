import { Box, WifiOff } from "lucide-react";
import { useEffect } from "react";
import { useParams } from "wouter";
import { ApiError } from "../../api/api-error.ts";
import { ButtonLink } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { ModelSkeleton } from "../../components/model/model-skeleton.tsx";
import { useModelI18n } from "../../components/model/use-model-i18n.ts";
import { Page } from "../../components/page.tsx";
import { paths } from "../../paths.ts";
import { ModelView } from "./model-view.tsx";
import { useModelRecord } from "./use-model-record.ts";

export { fetchViewer } from "../../components/model/viewer-slot.tsx";

/** One model: looking at it, naming it, measuring it, taking it along. */
export default function ModelPage() {
  const { id = "" } = useParams<{ id: string }>();
  const { t } = useModelI18n();
  const record = useModelRecord(id);
  const { data, error, isPending, refetch } = record.query;
  const offline = error instanceof ApiError && error.code === "offline" && !data;

  useEffect(() => {
    if (!offline) return;
    const retry = () => void refetch();
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, [offline, refetch]);

  if (data) {
    return (
      <Page title={data.model.name}>
        <ModelView {...record} model={data.model} />
      </Page>
    );
  }
  return (
    <Page title={t("modelPage.page")}>
      {isPending && <ModelSkeleton />}
      {offline && (
        <EmptyState
          icon={<WifiOff size={40} aria-hidden />}
          title={t("model.errors.offlineTitle")}
          hint={t("model.errors.offlineText")}
        />
      )}
      {error && !offline && <Unavailable error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

/** An address with a wrong id is as empty as one whose model is gone. */
const MISSING_STATUSES = [400, 404, 410, 422];

function Unavailable({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useModelI18n();
  if (!(error instanceof ApiError && MISSING_STATUSES.includes(error.status))) {
    return <ErrorNotice error={error} title={t("model.errors.failedTitle")} onRetry={onRetry} />;
  }
  return (
    <EmptyState
      icon={<Box size={40} aria-hidden />}
      title={t("model.errors.notFoundTitle")}
      hint={t("model.errors.notFoundText")}
      action={<ButtonLink href={paths.models}>{t("model.back")}</ButtonLink>}
    />
  );
}
