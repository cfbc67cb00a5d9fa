const PATHS = {
  cube: "M21 8v8l-9 5-9-5V8l9-5zM3 8l9 5 9-5M12 13v8",
  room: "M3 21V9l9-6 9 6v12M3 21h18M8.5 14.5 12 12.5l3.5 2v3.5L12 20l-3.5-2z",
  moon: "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "m5 12 5 5L20 7",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  back: "m14 6-6 6 6 6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

/** A line drawing beside words that say the same. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
