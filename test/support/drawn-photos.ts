import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import sharp from "sharp";

/** Pictures drawn for one test file; removed on disposal. */
export interface DrawnPhotos extends AsyncDisposable {
  folder: string;
  /** Renders an SVG to a PNG and answers its path. */
  draw(name: string, width: number, height: number, body: string): Promise<string>;
  /** Writes raw RGB pixels as a PNG. */
  paint(
    name: string,
    width: number,
    height: number,
    colourAt: (x: number, y: number) => [number, number, number],
  ): Promise<string>;
}

export async function createDrawnPhotos(): Promise<DrawnPhotos> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "drawn-photos-"));
  return {
    folder,
    async draw(name, width, height, body) {
      const file = path.join(folder, name);
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;
      await sharp(Buffer.from(svg)).png().toFile(file);
      return file;
    },
    async paint(name, width, height, colourAt) {
      const file = path.join(folder, name);
      const pixels = new Uint8Array(width * height * 3);
      for (let i = 0; i < width * height; i++) pixels.set(colourAt(i % width, Math.floor(i / width)), i * 3);
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(file);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
