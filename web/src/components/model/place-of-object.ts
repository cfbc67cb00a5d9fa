import { makeCutout } from "../../api/generations.ts";
import { send } from "../../api/send.ts";
import type { Rect } from "../../viewer/viewpoint.ts";

/** Enough to see an outline, and quick to send. */
const SIDE_PX = 640;

/** Where the object is in the photo, in shares of it; null where that can't be told. Throws ApiError. */
export async function placeOfObject(url: string, signal: AbortSignal): Promise<Rect | null> {
  const photo = await createImageBitmap(await (await send(url, { signal })).blob());
  const factor = Math.min(1, SIDE_PX / Math.max(photo.width, photo.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(photo.width * factor);
  canvas.height = Math.round(photo.height * factor);
  canvas.getContext("2d")!.drawImage(photo, 0, 0, canvas.width, canvas.height);
  photo.close();
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  signal.throwIfAborted();
  return (await makeCutout(small!, null, signal)).place;
}
