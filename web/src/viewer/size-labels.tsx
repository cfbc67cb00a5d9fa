import type { RefObject } from "react";
import { type Box, boxSize } from "./box.ts";
import type { DimensionName } from "./dimension-lines.ts";
import { gridLines } from "./floor-grid.ts";
import { formatLength, type LengthUnit, naturalUnit } from "./length-format.ts";
import { figureSize } from "./scale-figure.ts";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import styles from "./viewer.module.css";
import type { ViewerOptions } from "./viewer-options.ts";

export type LabelName = DimensionName | "figure";

type SizeLabelsProps = {
  box: Box;
  unit: LengthUnit;
  sizeAssumed?: boolean;
  labels: RefObject<Partial<Record<LabelName, HTMLElement | null>>>;
  options: ViewerOptions;
};

/** The texts over the picture: one at each measured edge, moved by the scene, and what a floor cell measures. */
export function SizeLabels({ box, unit, sizeAssumed, labels, options }: SizeLabelsProps) {
  const { t, language } = useViewerI18n();
  const { figure, person, dimensions, grid } = options;
  const [length, height, width] = boxSize(box);
  const cell = gridLines(box).cell;
  const texts: Partial<Record<LabelName, string>> = {};
  if (dimensions) {
    for (const [name, metres] of Object.entries({ length, width, height }))
      texts[name as LabelName] = `${sizeAssumed ? "≈ " : ""}${formatLength(metres, unit, language)}`;
  }
  if (figure !== "none") {
    const metres = figureSize(figure, person).height;
    texts.figure = formatLength(metres, unit === "in" ? "in" : naturalUnit(metres), language);
  }
  return (
    <div aria-hidden className={styles.labels}>
      {Object.entries(texts).map(([name, text]) => (
        <span
          key={name}
          ref={(node) => {
            labels.current[name as LabelName] = node;
          }}
          className={styles.measure}
          data-label
          data-measure={name}
        >
          {text}
        </span>
      ))}
      {grid && (
        <span className={styles.cell} data-label>
          {t("viewer.cell", {
            size: formatLength(cell, unit === "in" ? "in" : naturalUnit(cell * 2), language),
          })}
        </span>
      )}
    </div>
  );
}
