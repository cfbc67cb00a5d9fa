import { Camera, ImagePlus } from "lucide-react";
import { useRef } from "react";
import { Button } from "../../components/button.tsx";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./drop-zone.module.css";
import { usePhotoIntake } from "./use-photo-intake.ts";

interface DropZoneProps {
  onFiles: (files: readonly File[]) => void;
  /** Less room once there are photos. */
  compact: boolean;
}

/** Where photos come in: dropped or pasted anywhere on the page, chosen, or taken with the camera. */
export function DropZone({ onFiles, compact }: DropZoneProps) {
  const { t } = useI18n();
  const chooser = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const over = usePhotoIntake(onFiles);

  const take = (event: React.ChangeEvent<HTMLInputElement>) => {
    onFiles([...(event.target.files ?? [])]);
    event.target.value = "";
  };

  return (
    <div className={[styles.zone, over && styles.over, compact && styles.compact].filter(Boolean).join(" ")}>
      {!compact && <ImagePlus size={52} strokeWidth={1.4} aria-hidden="true" />}
      <div className={styles.words}>
        <p className={`${styles.title} ${styles.forMouse}`}>
          {over ? t("create.dropNow") : t("create.drop")}
        </p>
      </div>
      <div className={styles.buttons}>
        <Button variant={compact ? "plain" : "primary"} onClick={() => chooser.current?.click()}>
          {compact ? t("create.addMore") : t("create.choose")}
        </Button>
        <Button className={styles.camera} onClick={() => camera.current?.click()}>
          <Camera size={20} aria-hidden="true" />
          {t("create.camera")}
        </Button>
      </div>
      <div className={styles.words}>
        <p className={styles.hint}>{t("create.paste")}</p>
      </div>
      <input ref={chooser} type="file" accept="image/*,.heic,.heif" multiple hidden onChange={take} />
      <input ref={camera} type="file" accept="image/*" capture="environment" hidden onChange={take} />
    </div>
  );
}
