import { type RefObject, useLayoutEffect, useState } from "react";

/** Any CSS colour as `#rrggbb`, by painting one pixel with it; three reads fewer notations than browsers. */
function toHex(cssColor: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.fillStyle = cssColor;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** The text colour of an element, read anew when `dependency` or the page's theme changes. */
export function useInk(element: RefObject<HTMLElement | null>, dependency: unknown): string {
  const [ink, setInk] = useState("#808080");

  // biome-ignore lint/correctness/useExhaustiveDependencies: another background changes the colour
  useLayoutEffect(() => {
    const read = () => element.current && setInk(toHex(getComputedStyle(element.current).color));
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme", "class"],
    });
    const media = matchMedia("(prefers-color-scheme: dark)");
    media.addEventListener("change", read);
    return () => {
      observer.disconnect();
      media.removeEventListener("change", read);
    };
  }, [element, dependency]);

  return ink;
}
