import fs from "node:fs";
import path from "node:path";
import sharp, { type OverlayOptions } from "sharp";
import { look, type View } from "./look.ts";
import { readModel, type TexturedMesh } from "./read-model.ts";
import { SHOTS } from "./shots.ts";
import { readTruth } from "./truth.ts";

const CELL = 150;
const VIEWS: readonly View[] = [
  { turn: 0, elevation: 0 },
  { turn: -35, elevation: 18 },
  { turn: -80, elevation: 8 },
  { turn: 180, elevation: 8 },
];
const PAPER = "#ece9e4";

async function photoCell(photoPath: string): Promise<Buffer> {
  return await sharp(photoPath)
    .flatten({ background: "#9aa0a6" })
    .resize(CELL, CELL, { fit: "contain", background: PAPER })
    .png()
    .toBuffer();
}

async function viewCell(mesh: TexturedMesh, view: View): Promise<Buffer> {
  const { width, height, nearness, rgb } = look(mesh, view, CELL * 1.5, true);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < nearness.length; i++) {
    rgba.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
    rgba[i * 4 + 3] = nearness[i] > -Infinity ? 255 : 0;
  }
  return await sharp(rgba, { raw: { width, height, channels: 4 } })
    .flatten({ background: PAPER })
    .resize(CELL - 8, CELL - 8, { fit: "contain", background: PAPER })
    .extend({ top: 4, bottom: 4, left: 4, right: 4, background: PAPER })
    .png()
    .toBuffer();
}

/**
 * `node test/ground-truth/sheet.ts OUT_FILE COLUMNS FOLDER…` draws each photo and beside it the models of each folder
 * from the front, three-quarter, side and back; `COLUMNS` photos next to each other.
 */
const [outFile, columnsText, ...folders] = process.argv.slice(2);
const columns = Number(columnsText);
const rowWidth = CELL * (1 + VIEWS.length * folders.length);
const shots = SHOTS.filter(({ name }) =>
  folders.every((folder) => fs.existsSync(path.join(folder, `${name}.glb`))),
);
const cells: OverlayOptions[] = [];
for (const [at, { name }] of shots.entries()) {
  const left = (at % columns) * (rowWidth + 12);
  const top = Math.floor(at / columns) * CELL;
  cells.push({ input: await photoCell((await readTruth(name)).photoPath), left, top });
  for (const [f, folder] of folders.entries()) {
    const mesh = await readModel(new Uint8Array(fs.readFileSync(path.join(folder, `${name}.glb`))));
    for (const [v, view] of VIEWS.entries()) {
      const input = await viewCell(mesh, view);
      cells.push({ input, left: left + CELL * (1 + f * VIEWS.length + v), top });
    }
  }
}
await sharp({
  create: {
    width: columns * (rowWidth + 12) - 12,
    height: CELL * Math.ceil(shots.length / columns),
    channels: 3,
    background: "#ffffff",
  },
})
  .composite(cells)
  .toFile(outFile);
