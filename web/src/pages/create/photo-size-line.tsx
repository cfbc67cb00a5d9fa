import { Check } from "../../components/field.tsx";
import { formatBytes } from "../../i18n/format.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./photo-card.module.css";
import type { PhotoDraft } from "./photo-drafts.ts";
import { scaledSize } from "./photo-size.ts";

interface PhotoSizeLineProps {
  draft: PhotoDraft;
  disabled: boolean;
  onKeepOriginal: (keep: boolean) => void;
}

/** How large the photo is and how large it is sent, with the choice where there is one. */
export function PhotoSizeLine({ draft, disabled, onKeepOriginal }: PhotoSizeLineProps) {
  const { t, language } = useI18n();
  const { size, keepOriginal, file } = draft;
  if (size === null || size === "reading") return null;
  const smaller = scaledSize(size);
  const values = { ...size, size: formatBytes(file.size, language) };
  if (!smaller) return <p className={styles.note}>{t("photo.asIs", values)}</p>;
  return (
    <div>
      <p className={styles.note}>
        {keepOriginal
          ? t("photo.keptOriginal", values)
          : t("photo.willScale", { ...size, toWidth: smaller.width, toHeight: smaller.height })}
      </p>
      <Check
        label={t("photo.keepOriginal")}
        checked={keepOriginal}
        disabled={disabled}
        onChange={onKeepOriginal}
      />
    </div>
  );
}
