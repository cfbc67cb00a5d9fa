import type { KeyboardEvent } from "react";
import type { Box } from "../../../../server/contract/generation.ts";
import { useI18n } from "../../i18n/use-i18n.ts";
import styles from "./box-editor.module.css";
import { CORNERS, moveBox, resizeBox } from "./box-geometry.ts";
import { useBoxDrag } from "./use-box-drag.ts";

const STEP = 0.02;
const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

interface BoxEditorProps {
  src: string;
  alt: string;
  box: Box | null;
  onChange: (box: Box) => void;
}

/** The photo with a box around the object, drawn by mouse, dragged by touch, moved by keyboard. */
export function BoxEditor({ src, alt, box, onChange }: BoxEditorProps) {
  const { t } = useI18n();
  const drag = useBoxDrag(box, onChange);
  const percent = (fraction: number) => Math.round(fraction * 100);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = DIRECTIONS[event.key];
    if (!step || !box) return;
    event.preventDefault();
    onChange((event.shiftKey ? resizeBox : moveBox)(box, ...step));
  };

  return (
    <div className={`${styles.surface} ${styles.drawable}`} {...drag}>
      <img src={src} alt={alt} draggable={false} />
      {box && (
        <button
          type="button"
          data-part="box"
          className={styles.box}
          style={{
            left: `${box.x * 100}%`,
            top: `${box.y * 100}%`,
            width: `${box.width * 100}%`,
            height: `${box.height * 100}%`,
          }}
          aria-label={t("cutout.box")}
          aria-description={t("cutout.boxKeys")}
          onKeyDown={onKeyDown}
        >
          {CORNERS.map((corner) => (
            <span key={corner} data-part={corner} className={`${styles.handle} ${styles[corner]}`} />
          ))}
        </button>
      )}
      <p className="visually-hidden" role="status">
        {box &&
          t("cutout.boxAt", {
            x: percent(box.x),
            y: percent(box.y),
            width: percent(box.width),
            height: percent(box.height),
          })}
      </p>
    </div>
  );
}
