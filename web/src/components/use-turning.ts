import { type PointerEvent, useEffect, useRef, useState } from "react";

/** A pointer that only crosses the card stays shorter; each first turntable costs the server a second or two. */
const INTENT_MS = 400;

/** `saveData` is in Chromium browsers only. */
const savesData = () =>
  (navigator as Navigator & { connection?: { saveData?: boolean } }).connection?.saveData === true;

const wantsStillness = () => savesData() || matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Whether a mouse or the keyboard's focus rests on something; never where less motion or less data is wanted. */
export function useTurning() {
  const [turning, setTurning] = useState(false);
  const timer = useRef<number>(undefined);
  const stop = () => {
    clearTimeout(timer.current);
    setTurning(false);
  };
  const start = () => {
    clearTimeout(timer.current);
    if (!wantsStillness()) timer.current = window.setTimeout(() => setTurning(true), INTENT_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    turning,
    handlers: {
      onPointerEnter: (event: PointerEvent) => event.pointerType === "mouse" && start(),
      onPointerLeave: stop,
      onFocus: start,
      onBlur: stop,
    },
  };
}
