import { MoveHorizontal } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import styles from "./photo-slider.module.css";
import { useViewerI18n } from "./use-viewer-i18n.ts";
import type { Rect } from "./viewpoint.ts";

const STEPS: Record<string, number> = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

/** The photo over the model up to a handle that can be dragged or moved with keys. `rect` is in pixels of the stage. */
export function PhotoSlider({ url, alt, rect }: { url: string; alt: string; rect: Rect }) {
  const { t, language } = useViewerI18n();
  const [percent, setPercent] = useState(50);
  const host = useRef<HTMLDivElement>(null);

  function drag(event: PointerEvent<HTMLDivElement>) {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left, width } = host.current!.getBoundingClientRect();
    setPercent(Math.min(100, Math.max(0, ((event.clientX - left) / width) * 100)));
  }
  function press(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setPercent((old) => Math.min(100, Math.max(0, Math.round(old) + step)));
  }

  const { x, y, width, height } = rect;
  const shown = new Intl.NumberFormat(language, { style: "percent" }).format(Math.round(percent) / 100);
  return (
    <div ref={host} className={styles.slider}>
      <div className={styles.cover} style={{ clipPath: `inset(0 ${100 - percent}% 0 0)` }}>
        <img src={url} alt={alt} style={{ left: x, top: y, width, height }} />
      </div>
      <div
        role="slider"
        tabIndex={0}
        aria-label={t("viewer.compare.handle")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
        aria-valuetext={t("viewer.compare.share", { share: shown })}
        className={styles.handle}
        style={{ left: `${percent}%` }}
        onKeyDown={press}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
      >
        <span className={styles.knob}>
          <MoveHorizontal size={20} aria-hidden />
        </span>
      </div>
    </div>
  );
}
