import { useState } from "react";
import { ApiError } from "../../api/api-error.ts";
import { isRunning } from "../../api/generation-cache.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { LocalNotice } from "../../components/local-notice.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useGeneration } from "../../hooks/use-generation.ts";
import { useFeedState } from "../../hooks/use-generation-feed.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { NotFoundPage } from "../not-found/not-found-page.tsx";
import { EndedPanel } from "./ended-panel.tsx";
import styles from "./generation-page.module.css";
import { RunningPanel } from "./running-panel.tsx";
import { useGenerationActions } from "./use-generation-actions.ts";
import { useOpenWhenReady } from "./use-open-when-ready.ts";

/** A photo on its way to a model. */
export default function GenerationPage({ id }: { id: string }) {
  const { t } = useI18n();
  const { data: generation, error, refetch } = useGeneration(id);
  const { cancel, retry } = useGenerationActions(id);
  const feed = useFeedState();
  const [broken, setBroken] = useState(false);
  useOpenWhenReady(generation);

  if (!generation) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return <NotFoundPage />;
    return (
      <Page title={t("generation.heading")}>
        {error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Spinner label={t("generation.loading")} />
        )}
      </Page>
    );
  }

  const running = isRunning(generation) && generation.status !== "needs-confirmation";
  const { name, photo } = generation;
  return (
    <Page title={t("generation.page", { name })}>
      <div className={styles.page}>
        <PageHeading>{name}</PageHeading>
        <div className={styles.layout}>
          <div className={styles.photo}>
            <img
              key={broken && feed === "live" ? "again" : "first"}
              onError={() => setBroken(true)}
              src={photo.url}
              alt={t("generation.photoAlt", { name })}
              width={photo.width}
              height={photo.height}
            />
          </div>
          {running ? (
            <RunningPanel
              generation={generation}
              canceling={cancel.isPending}
              onCancel={() => cancel.mutate()}
            />
          ) : (
            <EndedPanel
              generation={generation}
              busy={retry.isPending || cancel.isPending}
              onRetry={() => retry.mutate(generation.retry)}
              onCancel={() => cancel.mutate()}
            />
          )}
        </div>
        {generation.provider === "local" && <LocalNotice />}
      </div>
    </Page>
  );
}
