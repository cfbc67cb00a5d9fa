import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { listProviders } from "../../api/providers.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { LocalNotice } from "../../components/local-notice.tsx";
import { Page, PageHeading } from "../../components/page.tsx";
import { showToast } from "../../components/toasts.ts";
import { useStore } from "../../hooks/use-store.ts";
import { translator, useI18n } from "../../i18n/use-i18n.ts";
import styles from "./create-page.module.css";
import { DropZone } from "./drop-zone.tsx";
import { chooseEngine, modelOptions } from "./model-options.ts";
import { addPhotos, photoDrafts } from "./photo-drafts.ts";
import { PhotoWorkbench } from "./photo-workbench.tsx";
import { PrivacyLine } from "./privacy-line.tsx";
import { RecentModels } from "./recent-models.tsx";
import { usePhotoAgain } from "./use-photo-again.ts";

/** Photos in, generations out; the newest models below. */
export function CreatePage() {
  const { t } = useI18n();
  const [announcement, setAnnouncement] = useState("");
  const drafts = useStore(photoDrafts);
  const options = useStore(modelOptions);
  const providers = useQuery({
    queryKey: queryKeys.providers,
    queryFn: ({ signal }) => listProviders(signal),
    staleTime: 60_000,
  });
  const engine = providers.data ? chooseEngine(providers.data.items, options) : null;
  usePhotoAgain();

  const onFiles = useCallback((files: readonly File[]) => {
    const words = translator();
    const { added, refused } = addPhotos(files);
    if (added) setAnnouncement(words("create.added", { count: added }));
    if (refused.length) {
      const title = words("create.notImages", { count: refused.length, name: refused[0].name });
      showToast({ title, tone: "error" });
    }
  }, []);

  const empty = drafts.length === 0;
  return (
    <Page title={t("create.page")}>
      <div className={styles.page}>
        <div className={styles.hero}>
          <PageHeading className={empty ? styles.title : undefined}>
            {empty ? t("create.heading") : t("create.photosHeading")}
          </PageHeading>
          {empty && <p className={styles.lead}>{t("create.lead")}</p>}
        </div>
        <p className="visually-hidden" role="status">
          {announcement}
        </p>
        <DropZone onFiles={onFiles} compact={!empty} />
        {empty ? (
          <>
            {engine && <PrivacyLine host={engine.provider.sendsPhotoTo} />}
            <RecentModels />
            {engine?.provider.id === "local" && <LocalNotice />}
          </>
        ) : (
          <PhotoWorkbench drafts={drafts} options={options} engine={engine} providers={providers} />
        )}
      </div>
    </Page>
  );
}
