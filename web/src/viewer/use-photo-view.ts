import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { Viewpoint } from "../../../server/contract/viewing.ts";
import type { Box } from "./box.ts";
import type { CameraPose } from "./camera-fit.ts";
import { objectRect } from "./object-rect.ts";
import { useSize } from "./use-size.ts";
import { containRect, type Extent, frontViewpoint, poseOf, type Rect } from "./viewpoint.ts";

/** Enough to see where the object is. */
const SAMPLE_PIXELS = 160;

export type ViewerPhoto = {
  url: string;
  alt: string;
  /** Where the photo was taken from, as somebody adjusted it. */
  viewpoint?: Viewpoint;
  /** Tells where the object is in the photo, in shares of it; the photo's own look tells otherwise. */
  findObject?: (signal: AbortSignal) => Promise<Rect | null>;
};

/** Where the photo stands on the stage, and the camera that sees the model as the photo does. */
export type PhotoView = { rect: Rect; stage: Extent; pose: CameraPose };

async function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

function lookFor(image: HTMLImageElement): Rect {
  const factor = Math.min(1, SAMPLE_PIXELS / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * factor));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * factor));
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return objectRect(context.getImageData(0, 0, canvas.width, canvas.height));
}

/**
 * The view of the model from where its photo was taken, while `active`; null until the photo is there. What the
 * photo's look tells at once is replaced by what `findObject` finds, unless the visitor `hasMoved` the model meanwhile.
 */
export function usePhotoView(
  photo: ViewerPhoto | undefined,
  active: boolean,
  box: Box | null,
  stage: RefObject<HTMLElement | null>,
  hasMoved: boolean,
): PhotoView | null {
  const size = useSize(stage, active);
  const [found, setFound] = useState<{ url: string; extent: Extent; object: Rect } | null>(null);
  const { url, findObject, viewpoint } = photo ?? {};
  const moved = useRef(hasMoved);
  moved.current = hasMoved;

  useEffect(() => {
    if (!active || !url) return;
    const abort = new AbortController();
    const measure = async () => {
      const image = await loadImage(url);
      if (abort.signal.aborted) return;
      const extent = { width: image.naturalWidth, height: image.naturalHeight };
      setFound({ url, extent, object: lookFor(image) });
      const known = viewpoint ? null : await findObject?.(abort.signal);
      if (known && !abort.signal.aborted && !moved.current) setFound({ url, extent, object: known });
    };
    measure().catch(() => undefined);
    return () => abort.abort();
  }, [active, url, findObject, viewpoint]);

  return useMemo(() => {
    if (!active || !box || !size || !found || found.url !== url) return null;
    const rect = containRect(found.extent, size);
    const from = viewpoint ?? frontViewpoint(found.object, found.extent, box);
    return { rect, stage: size, pose: poseOf(from, box, rect, size) };
  }, [active, box, size, found, url, viewpoint]);
}
