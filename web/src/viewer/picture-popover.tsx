import { Camera } from "lucide-react";
import { Button } from "../components/button.tsx";
import { Segmented } from "../components/segmented.tsx";
import { PICTURE_SIZES } from "./screenshot.ts";
import { Check } from "./tool-fields.tsx";
import { ToolPopover } from "./tool-popover.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import type { ChangeOptions, ViewerOptions } from "./viewer-options.ts";

type PicturePopoverProps = { options: ViewerOptions; onChange: ChangeOptions; onSave: () => void };

/** Saves what is seen as a PNG. */
export function PicturePopover({ options, onChange, onSave }: PicturePopoverProps) {
  const { t } = useViewerI18n();
  return (
    <ToolPopover icon={Camera} label={t("viewer.screenshot")} name={t("viewer.names.picture")}>
      <Segmented
        legend={t("viewer.pictureSize")}
        value={options.picture}
        options={PICTURE_SIZES.map((value) => ({ value, label: t(`viewer.pictureSizes.${value}`) }))}
        onChange={(picture) => onChange({ picture })}
      />
      <Check
        label={t("viewer.pictureTransparent")}
        checked={options.pictureTransparent}
        onChange={(pictureTransparent) => onChange({ pictureTransparent })}
      />
      <Button variant="primary" onClick={onSave}>
        {t("viewer.savePicture")}
      </Button>
    </ToolPopover>
  );
}
