/** Pixels in rows from the top: `rgb` three bytes a pixel (sRGB), `alpha` one byte a pixel or null when opaque. */
export interface Picture {
  width: number;
  height: number;
  rgb: Uint8Array;
  alpha: Uint8Array | null;
}

/** A rectangle in pixels; the far sides are exclusive. */
export interface PixelRect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A plane of numbers in rows from the top. */
export interface Plane {
  width: number;
  height: number;
  values: Float32Array;
}

/** One inside, zero outside; rows from the top. */
export interface Mask {
  width: number;
  height: number;
  values: Uint8Array;
}

export const createPlane = (width: number, height: number): Plane => ({
  width,
  height,
  values: new Float32Array(width * height),
});

export const createMask = (width: number, height: number): Mask => ({
  width,
  height,
  values: new Uint8Array(width * height),
});

export const planeOf = (mask: Mask): Plane => ({
  width: mask.width,
  height: mask.height,
  values: Float32Array.from(mask.values),
});

/** The smallest rectangle that holds every inside pixel; null for an empty mask. */
export function boundsOf(mask: Mask): PixelRect | null {
  const { width, height, values } = mask;
  const rect = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!values[y * width + x]) continue;
      if (x < rect.left) rect.left = x;
      if (x >= rect.right) rect.right = x + 1;
      if (y < rect.top) rect.top = y;
      rect.bottom = y + 1;
    }
  }
  return rect.right ? rect : null;
}

/** Bilinear sample at `x`, `y` (pixel centres are whole numbers), clamped to the border. */
export function sample(plane: Plane, x: number, y: number): number {
  const { width, height, values } = plane;
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const x0 = Math.min(Math.floor(cx), Math.max(0, width - 2));
  const y0 = Math.min(Math.floor(cy), Math.max(0, height - 2));
  const x1 = Math.min(x0 + 1, width - 1);
  const y1 = Math.min(y0 + 1, height - 1);
  const u = cx - x0;
  const v = cy - y0;
  const top = values[y0 * width + x0] * (1 - u) + values[y0 * width + x1] * u;
  const bottom = values[y1 * width + x0] * (1 - u) + values[y1 * width + x1] * u;
  return top * (1 - v) + bottom * v;
}

/** Relative luminance without gamma decoding, 0 to 1. */
export function luminanceOf(picture: Picture): Plane {
  const plane = createPlane(picture.width, picture.height);
  for (let i = 0; i < plane.values.length; i++) {
    const [r, g, b] = [picture.rgb[i * 3], picture.rgb[i * 3 + 1], picture.rgb[i * 3 + 2]];
    plane.values[i] = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  }
  return plane;
}

/** From interleaved RGBA bytes. */
export function pictureOf(rgba: Uint8Array, width: number, height: number): Picture {
  const pixels = width * height;
  const rgb = new Uint8Array(pixels * 3);
  const alpha = new Uint8Array(pixels);
  let isOpaque = true;
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = rgba[i * 4 + c];
    alpha[i] = rgba[i * 4 + 3];
    if (alpha[i] < 255) isOpaque = false;
  }
  return { width, height, rgb, alpha: isOpaque ? null : alpha };
}
