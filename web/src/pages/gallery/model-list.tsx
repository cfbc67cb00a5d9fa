import type { ReactNode } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { ModelGrid, ModelGridGhost } from "../../components/model-card.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./gallery.module.css";
import { LoadMore } from "./load-more.tsx";
import type { useModelList } from "./use-model-list.ts";

interface ModelListProps {
  list: ReturnType<typeof useModelList>;
  label: string;
  empty: ReactNode;
  renderCard: (model: Model) => ReactNode;
}

/** A list of models in whatever state it is: loading, failed, empty, or page after page. */
export function ModelList({ list, label, empty, renderCard }: ModelListProps) {
  const { t } = useI18n();
  const models = list.data?.pages.flatMap((page) => page.items) ?? [];

  if (list.isPending) return <ModelGridGhost count={8} label={t("app.loading")} />;
  if (list.isError && models.length === 0) {
    return (
      <ErrorNotice error={list.error} title={t("gallery.loadFailed")} onRetry={() => void list.refetch()} />
    );
  }
  if (models.length === 0) return empty;
  return (
    <>
      <p className={styles.count} role="status">
        {t("gallery.shown", { count: models.length })}
      </p>
      <div className={list.isPlaceholderData ? styles.stale : undefined}>
        <ModelGrid label={label}>
          {models.map((model) => (
            <li key={model.id}>{renderCard(model)}</li>
          ))}
        </ModelGrid>
      </div>
      {list.isFetchNextPageError ? (
        <ErrorNotice
          error={list.error}
          title={t("gallery.loadFailed")}
          onRetry={() => void list.fetchNextPage()}
        />
      ) : (
        list.hasNextPage && (
          <LoadMore loading={list.isFetchingNextPage} onLoad={() => void list.fetchNextPage()} />
        )
      )}
    </>
  );
}
