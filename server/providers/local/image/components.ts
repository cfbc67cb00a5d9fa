import type { Mask, PixelRect } from "./picture.ts";

export interface Component extends PixelRect {
  /** Label in the map, from 1. */
  id: number;
  area: number;
  touchesBorder: boolean;
}

/** 4-connected components of the inside pixels. `labels` holds each pixel's component id, zero outside. */
export function labelComponents(mask: Mask): { labels: Int32Array; components: Component[] } {
  const { width, height, values } = mask;
  const labels = new Int32Array(width * height);
  const stack = new Int32Array(width * height);
  const components: Component[] = [];
  for (let start = 0; start < labels.length; start++) {
    if (!values[start] || labels[start]) continue;
    const id = components.length + 1;
    const found = { id, area: 0, touchesBorder: false, left: width, top: height, right: 0, bottom: 0 };
    let size = 0;
    const visit = (pixel: number) => {
      if (!values[pixel] || labels[pixel]) return;
      labels[pixel] = id;
      stack[size++] = pixel;
    };
    visit(start);
    while (size) {
      const pixel = stack[--size];
      const x = pixel % width;
      const y = (pixel - x) / width;
      found.area++;
      found.left = Math.min(found.left, x);
      found.right = Math.max(found.right, x + 1);
      found.top = Math.min(found.top, y);
      found.bottom = Math.max(found.bottom, y + 1);
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) found.touchesBorder = true;
      if (x > 0) visit(pixel - 1);
      if (x < width - 1) visit(pixel + 1);
      if (y > 0) visit(pixel - width);
      if (y < height - 1) visit(pixel + width);
    }
    components.push(found);
  }
  return { labels, components };
}

/** Clears every component smaller than `share` of the largest one, in place. */
export function keepLargePieces(mask: Mask, share: number): void {
  const { labels, components } = labelComponents(mask);
  const largest = components.reduce((area, component) => Math.max(area, component.area), 0);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] && components[labels[i] - 1].area < share * largest) mask.values[i] = 0;
  }
}
