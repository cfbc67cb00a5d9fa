import { type RefObject, useCallback, useEffect, useState } from "react";

/**
 * Full screen for an element. iPhones have no such call for anything but video: there `fixed` asks the style
 * sheet to cover the page instead.
 */
export function useFullscreen(element: RefObject<HTMLElement | null>) {
  const [native, setNative] = useState(false);
  const [fixed, setFixed] = useState(false);

  useEffect(() => {
    const change = () =>
      setNative(document.fullscreenElement === element.current && element.current !== null);
    document.addEventListener("fullscreenchange", change);
    return () => document.removeEventListener("fullscreenchange", change);
  }, [element]);

  useEffect(() => {
    if (!fixed) return;
    const leave = (event: KeyboardEvent) => event.key === "Escape" && setFixed(false);
    const { overflow } = document.body.style;
    document.body.style.overflow = "hidden";
    document.addEventListener("keydown", leave);
    return () => {
      document.body.style.overflow = overflow;
      document.removeEventListener("keydown", leave);
    };
  }, [fixed]);

  const toggle = useCallback(async () => {
    if (fixed) return setFixed(false);
    if (document.fullscreenElement) return document.exitFullscreen();
    if (!element.current?.requestFullscreen) return setFixed(true);
    await element.current.requestFullscreen().catch(() => setFixed(true));
  }, [element, fixed]);

  return { active: native || fixed, fixed, toggle };
}
