import { type RefObject, useLayoutEffect, useState } from "react";

/** Width and height of an element in CSS pixels, followed while `active`. */
export function useSize(element: RefObject<HTMLElement | null>, active: boolean) {
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useLayoutEffect(() => {
    if (!active || !element.current) return;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      const { width, height } = contentRect;
      if (width > 0 && height > 0) setSize({ width, height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, active]);
  return size;
}
