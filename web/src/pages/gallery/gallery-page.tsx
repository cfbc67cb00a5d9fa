import { Images, SearchX, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import type { Model } from "../../../../server/contract/model.ts";
import { Button, ButtonLink } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ModelCard } from "../../components/model-card.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { gallerySubject } from "../../components/share/gallery-subject.ts";
import { ShareButton } from "../../components/share/share-button.tsx";
import { formatAgo } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import styles from "./gallery.module.css";
import { GalleryToolbar } from "./gallery-toolbar.tsx";
import { ModelList } from "./model-list.tsx";
import { ModelMenu } from "./model-menu.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { useGalleryFilter } from "./use-gallery-filter.ts";
import { useModelActions } from "./use-model-actions.ts";
import { useModelList } from "./use-model-list.ts";

/** Why there is nothing to see: no models at all, or none that fit. */
function EmptyGallery({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useI18n();
  return filtered ? (
    <EmptyState
      icon={<SearchX size={44} aria-hidden="true" />}
      title={t("gallery.noneFound")}
      hint={t("gallery.noneFoundHint")}
      action={<Button onClick={onClear}>{t("gallery.clearFilter")}</Button>}
    />
  ) : (
    <EmptyState
      icon={<Images size={44} aria-hidden="true" />}
      title={t("gallery.empty")}
      hint={t("gallery.emptyHint")}
      action={
        <ButtonLink href={paths.create} variant="primary">
          {t("gallery.emptyAction")}
        </ButtonLink>
      }
    />
  );
}

/** All models that are kept. */
export default function GalleryPage() {
  const { t, language } = useI18n();
  const { filter, change } = useGalleryFilter();
  const list = useModelList(filter);
  const { rename, trash } = useModelActions();
  const subject = gallerySubject(filter, list.data?.pages.flatMap(({ items }) => items) ?? []);
  const [renaming, setRenaming] = useState<Model | null>(null);

  return (
    <Page title={t("gallery.page")}>
      <div className={styles.page}>
        <div className={styles.head}>
          <PageHeading>{t("gallery.heading")}</PageHeading>
          <Link href={paths.trash} className={styles.trash}>
            <Trash2 size={18} aria-hidden="true" />
            {t("nav.trash")}
          </Link>
        </div>
        <GalleryToolbar filter={filter} change={change} />
        {subject && (
          <div className={styles.share}>
            <ShareButton subject={subject} />
          </div>
        )}
        <ModelList
          list={list}
          label={t("gallery.heading")}
          empty={
            <EmptyGallery
              filtered={Boolean(filter.q || filter.tag)}
              onClear={() => change({ q: "", tag: "" })}
            />
          }
          renderCard={(model) => (
            <ModelCard
              model={model}
              meta={[formatAgo(model.createdAt, Date.now(), language), ...model.tags].join(" · ")}
              actions={
                <ModelMenu
                  name={model.name}
                  onRename={() => setRenaming(model)}
                  onDelete={() => trash.mutate(model)}
                />
              }
            />
          )}
        />
      </div>
      {renaming && (
        <RenameDialog
          model={renaming}
          saving={rename.isPending}
          onClose={() => setRenaming(null)}
          onSave={(name) => rename.mutate({ model: renaming, name }, { onSuccess: () => setRenaming(null) })}
        />
      )}
    </Page>
  );
}
