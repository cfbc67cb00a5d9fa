import type { Rect } from "./viewpoint.ts";

export type Pixels = { data: Uint8ClampedArray; width: number; height: number };

const OPAQUE = 128;
/** Sum of the differences of red, green and blue that no noise of a plain background makes. */
const DISTINCT = 72;
/** A row or column with fewer pixels of the object than this share is a speck. */
const SPECK = 0.015;

/**
 * Where the object is in a photo, in shares of it: what is opaque, or, in a picture without transparency, what differs
 * from the colour of the border. The whole picture where neither tells anything.
 */
export function objectRect({ data, width, height }: Pixels): Rect {
  const isObject = hasTransparency(data) ? opaque(data) : distinct({ data, width, height });
  const columns = new Uint32Array(width);
  const rows = new Uint32Array(height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isObject((y * width + x) * 4)) continue;
      columns[x]++;
      rows[y]++;
    }
  }
  const [left, right] = span(columns, height * SPECK);
  const [top, bottom] = span(rows, width * SPECK);
  if (right <= left || bottom <= top) return { x: 0, y: 0, width: 1, height: 1 };
  return { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height };
}

function hasTransparency(data: Uint8ClampedArray): boolean {
  let clear = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] < OPAQUE) clear++;
  return clear > data.length / 4 / 50;
}

const opaque = (data: Uint8ClampedArray) => (at: number) => data[at + 3] >= OPAQUE;

function distinct({ data, width, height }: Pixels) {
  const border: number[][] = [[], [], []];
  const take = (x: number, y: number) => {
    for (let channel = 0; channel < 3; channel++) border[channel].push(data[(y * width + x) * 4 + channel]);
  };
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) take(x, y);
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) take(x, y);
  const plain = border.map((values) => values.sort((a, b) => a - b)[values.length >> 1]);
  return (at: number) =>
    plain.reduce((sum, value, channel) => sum + Math.abs(data[at + channel] - value), 0) > DISTINCT;
}

/** From the first to behind the last count above `least`. */
function span(counts: Uint32Array, least: number): [number, number] {
  const first = counts.findIndex((count) => count > least);
  const last = counts.findLastIndex((count) => count > least);
  return first < 0 ? [0, 0] : [first, last + 1];
}
