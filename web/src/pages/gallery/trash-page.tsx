import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { Button, ButtonLink } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ModelCard } from "../../components/model-card.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { ViewerNotice } from "../../components/team/viewer-notice.tsx";
import { formatAgo } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import styles from "./gallery.module.css";
import { ModelList } from "./model-list.tsx";
import { useModelActions } from "./use-model-actions.ts";
import { useModelList } from "./use-model-list.ts";

/** Deleted models, until they are restored or gone for good. */
export default function TrashPage() {
  const { t, language } = useI18n();
  const list = useModelList({ status: "deleted" });
  const { restore, remove } = useModelActions();
  const [doomed, setDoomed] = useState<Model | null>(null);
  const deletedAgo = ({ deletedAt, updatedAt }: Model) =>
    t("trash.deletedAt", { time: formatAgo(deletedAt ?? updatedAt, Date.now(), language) });

  return (
    <Page title={t("trash.page")}>
      <div className={styles.page}>
        <div>
          <PageHeading>{t("trash.heading")}</PageHeading>
          <p className={styles.lead}>{t("trash.lead")}</p>
        </div>
        <ViewerNotice about="trash" />
        <ModelList
          list={list}
          label={t("trash.heading")}
          empty={
            <EmptyState
              icon={<Trash2 size={44} aria-hidden="true" />}
              title={t("trash.empty")}
              hint={t("trash.emptyHint")}
              action={<ButtonLink href={paths.models}>{t("trash.back")}</ButtonLink>}
            />
          }
          renderCard={(model) => (
            <ModelCard
              model={model}
              meta={deletedAgo(model)}
              linked={false}
              footer={
                model.canChange && (
                  <>
                    <Button onClick={() => restore.mutate(model)}>{t("trash.restore")}</Button>
                    <Button variant="danger" onClick={() => setDoomed(model)}>
                      {t("trash.forever")}
                    </Button>
                  </>
                )
              }
            />
          )}
        />
      </div>
      {doomed && (
        <DeleteDialog
          model={doomed}
          onClose={() => setDoomed(null)}
          onConfirm={() => {
            remove.mutate(doomed);
            setDoomed(null);
          }}
        />
      )}
    </Page>
  );
}
