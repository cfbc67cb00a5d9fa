import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import type { Model } from "../../../../server/contract/model.ts";
import { ModelCard } from "../../components/model-card.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { gallerySubject } from "../../components/share/gallery-subject.ts";
import { ShareButton } from "../../components/share/share-button.tsx";
import { useTeamI18n } from "../../components/team/use-team-i18n.ts";
import { ViewerNotice } from "../../components/team/viewer-notice.tsx";
import { formatAgo } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import { useMayMake } from "../../session/role.ts";
import { EmptyGallery } from "./empty-gallery.tsx";
import styles from "./gallery.module.css";
import { GalleryToolbar } from "./gallery-toolbar.tsx";
import { ModelList } from "./model-list.tsx";
import { ModelMenu } from "./model-menu.tsx";
import { OwnerSwitch } from "./owner-switch.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { useGalleryFilter } from "./use-gallery-filter.ts";
import { useModelActions } from "./use-model-actions.ts";
import { useModelList } from "./use-model-list.ts";

/** All models that are kept. */
export default function GalleryPage() {
  const { t, language } = useI18n();
  const { filter, change } = useGalleryFilter();
  const list = useModelList(filter);
  const { rename, trash } = useModelActions();
  const { m } = useTeamI18n();
  const mayMake = useMayMake();
  const { owner } = filter;
  const showsOthers = owner === "team" || owner === "all";
  const models = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const subject = mayMake && !showsOthers ? gallerySubject(filter, models) : null;
  const [renaming, setRenaming] = useState<Model | null>(null);

  return (
    <Page title={t("gallery.page")}>
      <div className={styles.page}>
        <div className={styles.head}>
          <PageHeading>{t("gallery.heading")}</PageHeading>
          {mayMake && (
            <Link href={paths.trash} className={styles.trash}>
              <Trash2 size={18} aria-hidden="true" />
              {t("nav.trash")}
            </Link>
          )}
        </div>
        <ViewerNotice about="models" />
        {owner && <OwnerSwitch owner={owner} onChange={(chosen) => change({ owner: chosen, tag: "" })} />}
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
              owner={owner}
              filtered={Boolean(filter.q || filter.tag)}
              onTeam={() => change({ owner: "team" })}
              onClear={() => change({ q: "", tag: "" })}
            />
          }
          renderCard={(model) => (
            <ModelCard
              model={model}
              meta={[
                showsOthers && (model.owner.name ?? m("someone")),
                owner === "me" && model.visibility === "team" && m("shared"),
                formatAgo(model.createdAt, Date.now(), language),
                ...model.tags,
              ]
                .filter(Boolean)
                .join(" · ")}
              actions={
                model.canChange && (
                  <ModelMenu
                    name={model.name}
                    onRename={() => setRenaming(model)}
                    onDelete={() => trash.mutate(model)}
                  />
                )
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
