import { Sun } from "lucide-react";
import { Segmented } from "../components/segmented.tsx";
import { BACKGROUNDS } from "./backgrounds.ts";
import { LIGHT_PRESET_NAMES } from "./light-presets.ts";
import { SHADINGS } from "./shading.ts";
import { Check, Range } from "./tool-fields.tsx";
import { ToolPopover } from "./tool-popover.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import { type ChangeOptions, EXPOSURE_STOPS, type ViewerOptions } from "./viewer-options.ts";

type LookPopoverProps = { options: ViewerOptions; onChange: ChangeOptions };

/** Chooses how surfaces are drawn, the light and what is behind the model. */
export function LookPopover({ options, onChange }: LookPopoverProps) {
  const { t, language } = useViewerI18n();
  const stops = new Intl.NumberFormat(language, { signDisplay: "exceptZero", maximumFractionDigits: 2 });
  return (
    <ToolPopover aside icon={Sun} label={t("viewer.look")} name={t("viewer.names.look")}>
      <Segmented
        legend={t("viewer.shading")}
        value={options.shading}
        options={SHADINGS.map((value) => ({ value, label: t(`viewer.shadings.${value}`) }))}
        onChange={(shading) => onChange({ shading })}
      />
      <Segmented
        legend={t("viewer.light")}
        value={options.light}
        options={LIGHT_PRESET_NAMES.map((value) => ({ value, label: t(`viewer.lights.${value}`) }))}
        onChange={(light) => onChange({ light })}
      />
      <Range
        {...EXPOSURE_STOPS}
        label={t("viewer.exposure")}
        shown={t("viewer.stops", { value: stops.format(options.exposure) })}
        value={options.exposure}
        onChange={(exposure) => onChange({ exposure })}
      />
      <Check
        label={t("viewer.shadow")}
        shortcut="O"
        checked={options.shadow}
        onChange={(shadow) => onChange({ shadow })}
      />
      <Segmented
        legend={t("viewer.background")}
        value={options.background}
        options={BACKGROUNDS.map((value) => ({ value, label: t(`viewer.backgrounds.${value}`) }))}
        onChange={(background) => onChange({ background })}
      />
    </ToolPopover>
  );
}
