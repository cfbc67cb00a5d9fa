import { Image } from "lucide-react";
import { Segmented } from "../components/segmented.tsx";
import { ToolPopover } from "./tool-popover.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import { type ChangeOptions, PHOTO_MODES, type ViewerOptions } from "./viewer-options.ts";
import styles from "./viewer-toolbar.module.css";

type PhotoPopoverProps = { options: ViewerOptions; onChange: ChangeOptions };

/** Shows the photo with the model. */
export function PhotoPopover({ options, onChange }: PhotoPopoverProps) {
  const { t } = useViewerI18n();
  return (
    <ToolPopover icon={Image} label={t("viewer.photo")} name={t("viewer.names.photo")}>
      <Segmented
        legend={t("viewer.photo")}
        value={options.photo}
        options={PHOTO_MODES.map((value) => ({ value, label: t(`viewer.photos.${value}`) }))}
        onChange={(photo) => onChange({ photo })}
      />
      {options.photo === "slider" && <p className={styles.soft}>{t("viewer.compare.hint")}</p>}
    </ToolPopover>
  );
}
