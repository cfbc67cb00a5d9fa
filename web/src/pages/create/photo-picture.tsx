import { ImageOff } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { Spinner } from "../../components/spinner.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import { BoxEditor } from "./box-editor.tsx";
import { FIRST_BOX } from "./box-geometry.ts";
import styles from "./photo-card.module.css";
import { changeDraft, type PhotoDraft } from "./photo-drafts.ts";

/** The photo itself, with the box to correct the cut-out where the network takes one. */
export function PhotoPicture({ draft, boxable }: { draft: PhotoDraft; boxable: boolean }) {
  const { t } = useI18n();
  const { id, size, previewUrl, box } = draft;
  const alt = t("photo.preview", { name: draft.file.name });

  if (size === "reading") return <Spinner label={t("photo.reading")} />;
  if (size === null) {
    return (
      <div className={styles.unseen}>
        <ImageOff size={36} aria-hidden="true" />
        <p className={styles.title}>{t("photo.noPreview")}</p>
        <p className={styles.note}>{t("photo.noPreviewHint")}</p>
      </div>
    );
  }
  if (!boxable) {
    return (
      <div className={styles.plain}>
        <img src={previewUrl} alt={alt} />
      </div>
    );
  }
  return (
    <>
      <BoxEditor src={previewUrl} alt={alt} box={box} onChange={(next) => changeDraft(id, { box: next })} />
      <p className={styles.note}>{box ? t("cutout.boxKeys") : t("cutout.boxHelp")}</p>
      <div className={styles.boxButtons}>
        {box ? (
          <Button onClick={() => changeDraft(id, { box: null })}>{t("cutout.clear")}</Button>
        ) : (
          <Button onClick={() => changeDraft(id, { box: FIRST_BOX })}>{t("cutout.add")}</Button>
        )}
      </div>
    </>
  );
}
