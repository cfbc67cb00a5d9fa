import type { RootState } from "@react-three/fiber";
import type { PerspectiveCamera } from "three";
import { type PictureLabel, paintLabels } from "./paint-labels.ts";

/** As large as on the screen, twice that, or 3840 pixels along the longer side. */
export const PICTURE_SIZES = ["once", "twice", "4k"] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];

const LONGER_SIDE_4K = 3840;

/** Pixels of the picture for each CSS pixel of a view of that size. */
export function pictureRatio(size: PictureSize, width: number, height: number): number {
  if (size === "4k") return LONGER_SIDE_4K / Math.max(width, height, 1);
  return size === "twice" ? 2 : 1;
}

type Wanted = {
  size: PictureSize;
  /** A CSS colour, or null for a transparent picture. */
  background: string | null;
  labels: readonly PictureLabel[];
};

/**
 * A PNG of what is seen now, with the labels over it. Drawn in tiles as large as the canvas, because browsers quietly
 * make a larger one smaller, and copied in one go, so that nothing flickers and no buffer has to be kept.
 * Throws when the browser makes no picture of that size.
 */
export async function takeScreenshot(state: RootState, wanted: Wanted): Promise<Blob> {
  const { gl, scene, size } = state;
  const camera = state.camera as PerspectiveCamera;
  const ratio = pictureRatio(wanted.size, size.width, size.height);
  const picture = document.createElement("canvas");
  picture.width = Math.round(size.width * ratio);
  picture.height = Math.round(size.height * ratio);
  const context = picture.getContext("2d")!;
  if (wanted.background) {
    context.fillStyle = wanted.background;
    context.fillRect(0, 0, picture.width, picture.height);
  }
  const tile = gl.domElement;
  try {
    for (let y = 0; y < picture.height; y += tile.height) {
      for (let x = 0; x < picture.width; x += tile.width) {
        camera.setViewOffset(picture.width, picture.height, x, y, tile.width, tile.height);
        gl.render(scene, camera);
        context.drawImage(tile, x, y);
      }
    }
    paintLabels(context, wanted.labels, ratio);
  } finally {
    camera.clearViewOffset();
    gl.render(scene, camera);
  }
  return new Promise((resolve, reject) => {
    picture.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The browser made no picture."))),
      "image/png",
    );
  });
}

/** Hands a blob to the browser as a file to save. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
