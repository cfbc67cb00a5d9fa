import { ChevronLeft, Columns2 } from "lucide-react";
import { Link } from "wouter";
import type { Model } from "../../../../server/contract/model.ts";
import type { ModelChange } from "../../api/models.ts";
import { Button, ButtonLink } from "../../components/button.tsx";
import { ArAdvice } from "../../components/model/ar-advice.tsx";
import { DeliverySlot } from "../../components/model/delivery-slot.tsx";
import { HonestyNotice } from "../../components/model/honesty-notice.tsx";
import { ModelDescription } from "../../components/model/model-description.tsx";
import { ModelDownloads } from "../../components/model/model-downloads.tsx";
import { ModelFacts } from "../../components/model/model-facts.tsx";
import { ModelTags } from "../../components/model/model-tags.tsx";
import { ModelTitle } from "../../components/model/model-title.tsx";
import { PrintSlot } from "../../components/model/print-slot.tsx";
import { RemarkNotices } from "../../components/model/remark-notices.tsx";
import { useModelI18n } from "../../components/model/use-model-i18n.ts";
import { ViewerSlot } from "../../components/model/viewer-slot.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShareBar } from "../../components/share/share-bar.tsx";
import { showToast } from "../../components/toasts.ts";
import { paths } from "../../paths.ts";
import styles from "./model-page.module.css";
import { SaveProblem } from "./save-problem.tsx";
import { TrashButton } from "./trash-button.tsx";
import { TrueSizeForm } from "./true-size-form.tsx";
import { isConflict, type useModelRecord } from "./use-model-record.ts";

type ModelViewProps = ReturnType<typeof useModelRecord> & { model: Model };

/** The model's page once the model is there. In the trash it can be looked at and put back, not changed. */
export function ModelView({ model, query, change, restore, trash }: ModelViewProps) {
  const { t } = useModelI18n();
  const deleted = model.deletedAt !== null;
  const save = async (part: ModelChange) => {
    await change.mutateAsync(part);
    showToast({ title: t("model.saved") });
  };
  const reload = () => {
    change.reset();
    void query.refetch();
  };
  // The panel of the file for viewing says its own errors; after someone else's change the way on is here.
  const saveError = change.variables?.delivery && !isConflict(change.error) ? null : change.error;
  const editing = { save, saving: change.isPending, locked: deleted };

  return (
    <article className={styles.page}>
      <header className={styles.head}>
        <Link href={paths.models} className={styles.back}>
          <ChevronLeft size={18} aria-hidden /> {t("model.back")}
        </Link>
        <ModelTitle name={model.name} {...editing} />
      </header>
      {deleted && (
        <Notice
          tone="warn"
          title={t("model.trash.title")}
          actions={
            <>
              <Button variant="primary" disabled={restore.isPending} onClick={() => restore.mutate()}>
                {t("model.trash.restore")}
              </Button>
              <ButtonLink href={paths.trash}>{t("model.trash.all")}</ButtonLink>
            </>
          }
        >
          {t("model.trash.text")}
        </Notice>
      )}
      <SaveProblem error={saveError ?? trash.error ?? restore.error} onReload={reload} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <div className={styles.viewer}>
            <ViewerSlot model={model} save={deleted ? undefined : save} />
          </div>
          {!deleted && (
            <ShareBar model={model}>
              <ButtonLink href={paths.compare(model.id)}>
                <Columns2 size={18} aria-hidden /> {t("model.compare")}
              </ButtonLink>
            </ShareBar>
          )}
          <RemarkNotices model={model} />
          {!deleted && <ArAdvice model={model} />}
          <HonestyNotice model={model} />
          <section className={styles.card}>
            <ModelDescription description={model.description} {...editing} />
            <ModelTags tags={model.tags} {...editing} />
          </section>
          {!deleted && (
            <div className={styles.pair}>
              <TrueSizeForm key={model.updatedAt} model={model} {...editing} />
              <PrintSlot model={model} />
            </div>
          )}
        </div>
        <div className={styles.side}>
          {!deleted && <ModelDownloads model={model} />}
          {!deleted && <DeliverySlot model={model} change={change.mutateAsync} />}
          <ModelFacts model={model} />
          {!deleted && <TrashButton model={model} trash={trash} />}
        </div>
      </div>
    </article>
  );
}
