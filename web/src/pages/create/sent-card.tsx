import { X } from "lucide-react";
import { isRunning } from "../../api/generation-cache.ts";
import { Button, ButtonLink } from "../../components/button.tsx";
import { describeProgress } from "../../components/generation-status.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useGeneration } from "../../hooks/use-generation.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import { paths } from "../../paths.ts";
import type { PhotoDraft } from "./photo-drafts.ts";
import styles from "./sent-card.module.css";
import { dropPhotos } from "./upload-queue.ts";

/** A photo that has become a generation, and how far that is. */
export function SentCard({ draft, generationId }: { draft: PhotoDraft; generationId: string }) {
  const { t } = useI18n();
  const { data } = useGeneration(generationId);
  const modelId = data?.status === "succeeded" ? data.modelId : null;
  const working = data && isRunning(data) && data.status !== "queued" && data.status !== "needs-confirmation";
  const picture = data?.photo.url ?? (draft.size ? draft.previewUrl : undefined);

  return (
    <article
      className={styles.card}
      data-photo={draft.id}
      aria-label={t("photo.card", { name: draft.file.name })}
    >
      <div className={styles.picture}>{picture && <img src={picture} alt="" width={80} height={80} />}</div>
      <div className={styles.words}>
        <h3 className={styles.name}>{data?.name ?? draft.name}</h3>
        <p role="status">{data ? describeProgress(data, t) : t("upload.sent")}</p>
        {working && <ProgressBar label={t("generation.progress")} percent={data.progress} />}
      </div>
      <div className={styles.actions}>
        {modelId ? (
          <ButtonLink href={paths.model(modelId)} variant="primary">
            {t("generation.open")}
          </ButtonLink>
        ) : (
          <ButtonLink href={paths.generation(generationId)}>
            {t(data && !isRunning(data) ? "upload.details" : "upload.follow")}
          </ButtonLink>
        )}
        <Button
          variant="quiet"
          icon
          onClick={() => dropPhotos([draft.id])}
          aria-label={t("photo.remove", { name: draft.file.name })}
        >
          <X size={20} aria-hidden="true" />
        </Button>
      </div>
    </article>
  );
}
