import fs from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { SHOTS, type Shot } from "./shots.ts";

const PHOTOS = path.join(import.meta.dirname, "photos");

/** One channel in rows from the top. */
export interface Grey {
  width: number;
  height: number;
  values: Uint8Array;
}

/** A photo of the ground truth and what is known about it; see `TakenShot`. */
export interface Truth {
  shot: Shot;
  photoPath: string;
  photo: { width: number; height: number; rgb: Uint8Array };
  mask: Grey;
  depth: Grey;
  side: Grey;
  sizeMetres: [number, number, number];
}

async function greyOf(file: string): Promise<Grey> {
  const { data, info } = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, values: new Uint8Array(data) };
}

/** Reads one photo of the ground truth by its name. Throws on a name that does not exist. */
export async function readTruth(name: string): Promise<Truth> {
  const shot = SHOTS.find((candidate) => candidate.name === name);
  if (!shot) throw new Error(`There is no photo "${name}" in the ground truth.`);
  const photoPath = path.join(PHOTOS, `${name}.${shot.background === "transparent" ? "png" : "jpg"}`);
  const read = (suffix: string) => greyOf(path.join(PHOTOS, `${name}-${suffix}.png`));
  const mask = await read("mask");
  const { data, info } = await sharp(photoPath)
    .removeAlpha()
    .resize(mask.width, mask.height, { fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const sizes = JSON.parse(fs.readFileSync(path.join(PHOTOS, "sizes.json"), "utf8"));
  return {
    shot,
    photoPath,
    photo: { width: info.width, height: info.height, rgb: new Uint8Array(data) },
    mask,
    depth: await read("depth"),
    side: await read("side"),
    sizeMetres: sizes[name].sizeMetres,
  };
}
