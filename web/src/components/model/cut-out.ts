import { makeCutout } from "../../api/generations.ts";

/** Enough to see an outline, and quick to send. */
const SIDE_PX = 640;

/** The photo with its background made transparent, as an address of a picture. Throws ApiError. */
export async function cutOutPhoto(url: string, signal: AbortSignal): Promise<string> {
  const photo = await createImageBitmap(await (await fetch(url, { signal })).blob());
  const factor = Math.min(1, SIDE_PX / Math.max(photo.width, photo.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(photo.width * factor);
  canvas.height = Math.round(photo.height * factor);
  canvas.getContext("2d")!.drawImage(photo, 0, 0, canvas.width, canvas.height);
  photo.close();
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  signal.throwIfAborted();
  return (await makeCutout(small!, null, signal)).image;
}
