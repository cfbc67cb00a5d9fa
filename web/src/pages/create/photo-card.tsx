import { X } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { CutoutPreview } from "./cutout-preview.tsx";
import { MeasurementFields } from "./measurement-fields.tsx";
import styles from "./photo-card.module.css";
import { changeDraft, isEditable, type PhotoDraft } from "./photo-drafts.ts";
import { PhotoPicture } from "./photo-picture.tsx";
import { PhotoSizeLine } from "./photo-size-line.tsx";
import { SendingState } from "./sending-state.tsx";
import { SentCard } from "./sent-card.tsx";
import { dropPhotos } from "./upload-queue.ts";

interface PhotoCardProps {
  draft: PhotoDraft;
  /** Whether the network takes a box, and so has a cut-out to show. */
  boxable: boolean;
  /** Show the cut-out unasked. */
  eagerCutout: boolean;
  onRetry: () => void;
}

/** One photo: what it shows, what it will be called, how large the object is, and how its sending goes. */
export function PhotoCard({ draft, boxable, eagerCutout, onRetry }: PhotoCardProps) {
  const { t } = useI18n();
  const { id, file, sending } = draft;
  const editable = isEditable(draft);
  if (sending.state === "sent") return <SentCard draft={draft} generationId={sending.generationId} />;

  return (
    <article className={styles.card} data-photo={id} aria-label={t("photo.card", { name: file.name })}>
      <div className={styles.head}>
        <Field label={t("photo.name")}>
          {(control) => (
            <input
              {...control}
              value={draft.name}
              maxLength={200}
              autoComplete="off"
              disabled={!editable}
              onChange={(event) => changeDraft(id, { name: event.target.value })}
            />
          )}
        </Field>
        <Button
          variant="quiet"
          icon
          onClick={() => dropPhotos([id])}
          aria-label={t("photo.remove", { name: file.name })}
        >
          <X size={20} aria-hidden="true" />
        </Button>
      </div>
      <SendingState draft={draft} onRetry={onRetry} />
      <div className={`${styles.pictures} ${boxable ? styles.two : ""}`}>
        <div className={styles.photo}>
          <p className={styles.title}>{t("photo.title")}</p>
          <PhotoPicture draft={draft} boxable={boxable && editable} />
        </div>
        {boxable && draft.size !== "reading" && <CutoutPreview draft={draft} eager={eagerCutout} />}
      </div>
      <div className={styles.fields}>
        <PhotoSizeLine
          draft={draft}
          disabled={!editable}
          onKeepOriginal={(keepOriginal) => changeDraft(id, { keepOriginal })}
        />
        <MeasurementFields
          value={draft.measurement}
          disabled={!editable}
          onChange={(measurement) => changeDraft(id, { measurement })}
        />
      </div>
    </article>
  );
}
