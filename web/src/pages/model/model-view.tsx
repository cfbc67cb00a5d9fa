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
import { OwnerNotice } from "../../components/team/owner-notice.tsx";
import { VisibilityPanel } from "../../components/team/visibility-panel.tsx";
import { showToast } from "../../components/toasts.ts";
import { paths } from "../../paths.ts";
import styles from "./model-page.module.css";
import { SaveProblem } from "./save-problem.tsx";
import { TrashButton } from "./trash-button.tsx";
import { TrueSizeForm } from "./true-size-form.tsx";
import { isConflict, type useModelRecord } from "./use-model-record.ts";

type ModelViewProps = ReturnType<typeof useModelRecord> & { model: Model };

/**
 * The model's page once the model is there. In the trash it can be looked at and put back, not changed; what is
 * somebody else's can only be looked at.
 */
export function ModelView({ model, query, change, restore, trash }: ModelViewProps) {
  const { t } = useModelI18n();
  const deleted = model.deletedAt !== null;
  const { canChange } = model;
  // Photo and settings are the owner's.
  const noticed = canChange ? model : { ...model, generationId: null };
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
  const editing = { save, saving: change.isPending, locked: deleted || !canChange };

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
            canChange && (
              <>
                <Button variant="primary" disabled={restore.isPending} onClick={() => restore.mutate()}>
                  {t("model.trash.restore")}
                </Button>
                <ButtonLink href={paths.trash}>{t("model.trash.all")}</ButtonLink>
              </>
            )
          }
        >
          {t("model.trash.text")}
        </Notice>
      )}
      <OwnerNotice model={model} />
      <SaveProblem error={saveError ?? trash.error ?? restore.error} onReload={reload} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <div className={styles.viewer}>
            <ViewerSlot model={model} save={editing.locked ? undefined : save} />
          </div>
          {!deleted && (
            <ShareBar model={model}>
              <ButtonLink href={paths.compare(model.id)}>
                <Columns2 size={18} aria-hidden /> {t("model.compare")}
              </ButtonLink>
            </ShareBar>
          )}
          <RemarkNotices model={noticed} />
          {!deleted && <ArAdvice model={model} />}
          <HonestyNotice model={noticed} />
          <section className={styles.card}>
            <ModelDescription description={model.description} {...editing} />
            <ModelTags tags={model.tags} {...editing} />
          </section>
          {!deleted && (
            <div className={styles.pair}>
              {canChange && <TrueSizeForm key={model.updatedAt} model={model} {...editing} />}
              <PrintSlot model={model} />
            </div>
          )}
        </div>
        <div className={styles.side}>
          {!deleted && <ModelDownloads model={model} />}
          {!editing.locked && (
            <VisibilityPanel model={model} saving={change.isPending} change={change.mutateAsync} />
          )}
          {!editing.locked && <DeliverySlot model={model} change={change.mutateAsync} />}
          <ModelFacts model={model} />
          {!editing.locked && <TrashButton model={model} trash={trash} />}
        </div>
      </div>
    </article>
  );
}
