import type { RefObject } from "react";
import { type Box, boxSize } from "./box.ts";
import type { DimensionName } from "./dimension-lines.ts";
import { gridLines } from "./floor-grid.ts";
import { formatLength, type LengthUnit, naturalUnit } from "./length-format.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer.module.css";

type SizeLabelsProps = {
  box: Box;
  unit: LengthUnit;
  labels: RefObject<Partial<Record<DimensionName, HTMLElement | null>>>;
  grid: boolean;
  dimensions: boolean;
};

/** The texts over the picture: one at each measured edge, moved by the scene, and what a floor cell measures. */
export function SizeLabels({ box, unit, labels, grid, dimensions }: SizeLabelsProps) {
  const { t, language } = useViewerI18n();
  const [length, height, width] = boxSize(box);
  const extents: Record<DimensionName, number> = { length, width, height };
  const cell = gridLines(box).cell;
  return (
    <div aria-hidden className={styles.labels}>
      {dimensions &&
        (Object.keys(extents) as DimensionName[]).map((name) => (
          <span
            key={name}
            ref={(node) => {
              labels.current[name] = node;
            }}
            className={styles.measure}
            data-measure={name}
          >
            {formatLength(extents[name], unit, language)}
          </span>
        ))}
      {grid && (
        <span className={styles.cell}>
          {t("viewer.cell", { size: formatLength(cell, naturalUnit(cell * 2), language) })}
        </span>
      )}
    </div>
  );
}
