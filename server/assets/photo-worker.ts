import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sharp } from "sharp";
import { AppError } from "../errors.ts";
import { openImage, readImageHeader } from "./image-decoder.ts";
import type { DecodedPhoto } from "./photo.ts";
import { serve, type Task } from "./worker-pool.ts";

const MIN_SIDE_PIXELS = 64;
const JPEG_QUALITY = 95;

async function encode(photo: Sharp, hasAlpha: boolean) {
  const srgb = photo.clone().toColourspace("srgb");
  if (hasAlpha && !(await photo.clone().stats()).isOpaque) {
    const { data, info } = await srgb.png().toBuffer({ resolveWithObject: true });
    return { data, info, mediaType: "image/png", extension: "png" } as const;
  }
  const { data, info } = await srgb
    .removeAlpha()
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer({ resolveWithObject: true });
  return { data, info, mediaType: "image/jpeg", extension: "jpg" } as const;
}

async function decode(source: Buffer) {
  const header = await readImageHeader(source);
  if (Math.min(header.width, header.height) < MIN_SIDE_PIXELS) throw new AppError("photo-too-small");
  try {
    const photo = await openImage(source, header);
    return await encode(photo, header.hasAlpha || header.compression === "hevc");
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError("photo-damaged", { cause });
  }
}

export default (task: Task<{ sourcePath: string; targetFolder: string }>) =>
  serve(task, async ({ sourcePath, targetFolder }): Promise<DecodedPhoto> => {
    const { data, info, mediaType, extension } = await decode(await readFile(sourcePath));
    const path = join(targetFolder, `photo.${extension}`);
    await writeFile(path, data);
    return {
      path,
      sha256: createHash("sha256").update(data).digest("hex"),
      bytes: data.length,
      width: info.width,
      height: info.height,
      mediaType,
      extension,
    };
  });
