import type { RootState } from "@react-three/fiber";

const LONGER_SIDE_PIXELS = 2048;
const MAX_PIXEL_RATIO = 4;

/**
 * A PNG of what is seen now, its longer side about 2048 pixels. `background` is a CSS colour, or null for
 * a transparent picture. Drawn and copied in one go, so that nothing flickers and no buffer has to be kept.
 */
export async function takeScreenshot(state: RootState, background: string | null): Promise<Blob> {
  const { gl, scene, camera, size } = state;
  const before = gl.getPixelRatio();
  const ratio = Math.min(LONGER_SIDE_PIXELS / Math.max(size.width, size.height, 1), MAX_PIXEL_RATIO);
  const picture = document.createElement("canvas");
  try {
    gl.setPixelRatio(Math.max(ratio, before));
    gl.render(scene, camera);
    picture.width = gl.domElement.width;
    picture.height = gl.domElement.height;
    const context = picture.getContext("2d")!;
    if (background) {
      context.fillStyle = background;
      context.fillRect(0, 0, picture.width, picture.height);
    }
    context.drawImage(gl.domElement, 0, 0);
  } finally {
    gl.setPixelRatio(before);
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
