import { RulerDimensionLine } from "lucide-react";
import { Segmented } from "../components/segmented.tsx";
import { formatLength, LENGTH_UNIT_NAMES, type LengthUnit } from "./length-format.ts";
import { chooseUnit } from "./length-unit.ts";
import { FIGURES, PERSON_METRES } from "./scale-figure.ts";
import { Check, Range } from "./tool-fields.tsx";
import { ToolPopover } from "./tool-popover.tsx";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import type { ChangeOptions, ViewerOptions } from "./viewer-options.ts";

type MeasurePopoverProps = { options: ViewerOptions; unit: LengthUnit; onChange: ChangeOptions };

/** Everything that tells how large the model is. */
export function MeasurePopover({ options, unit, onChange }: MeasurePopoverProps) {
  const { t, language } = useViewerI18n();
  return (
    <ToolPopover aside icon={RulerDimensionLine} label={t("viewer.measure")} name={t("viewer.names.measure")}>
      <Check
        label={t("viewer.dimensions")}
        shortcut="M"
        checked={options.dimensions}
        onChange={(dimensions) => onChange({ dimensions })}
      />
      <Check
        label={t("viewer.grid")}
        shortcut="G"
        checked={options.grid}
        onChange={(grid) => onChange({ grid })}
      />
      <Segmented
        legend={t("viewer.unit")}
        value={unit}
        options={LENGTH_UNIT_NAMES.map((value) => ({ value, label: t(`model.units.${value}`) }))}
        onChange={chooseUnit}
      />
      <Segmented
        legend={t("viewer.figure")}
        value={options.figure}
        options={FIGURES.map((value) => ({ value, label: t(`viewer.figures.${value}`) }))}
        onChange={(figure) => onChange({ figure })}
      />
      {options.figure === "person" && (
        <Range
          label={t("viewer.personHeight")}
          shown={formatLength(options.person, unit === "in" ? "in" : "cm", language)}
          value={options.person}
          least={PERSON_METRES.least}
          most={PERSON_METRES.most}
          step={0.01}
          onChange={(person) => onChange({ person })}
        />
      )}
    </ToolPopover>
  );
}
