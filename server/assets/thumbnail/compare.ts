import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";
import { type Camera, type Direction, frameCameras } from "./camera.ts";
import { develop } from "./develop.ts";
import { drawModel, loadSamplers, type Samplers } from "./picture.ts";
import { createCanvas } from "./rasterizer.ts";
import { compareWindows } from "./ssim.ts";

const PIXELS = 192;
/** Some two pixels of texture for each of the picture, as a graphics card would choose by itself. */
const MAX_TEXTURE_PIXELS = 512;
/** All around, from above and from below. */
const DIRECTIONS: Direction[] = [
  { azimuthDegrees: 32, elevationDegrees: 22 },
  { azimuthDegrees: 152, elevationDegrees: -20 },
  { azimuthDegrees: 272, elevationDegrees: 55 },
];
/** White and black things both stand out from it, and so does a change of their outline. */
const BACKGROUND = 0.5;

const DIGITS = 4;

const CANVAS = createCanvas(PIXELS);

/** Brightness with the background behind, and how much the model covers, 0 to 1 a pixel each. */
interface Shot {
  luma: Float32Array;
  cover: Float32Array;
}

export interface Quality {
  /** Mean structural similarity of brightness, 1 is equal. */
  ssim: number;
  views: number;
}

export interface Reference {
  /** How much a model, standing as the reference stood, looks like it. @throws GlbProblem */
  compare(parts: WorldPart[]): Promise<Quality>;
}

/** Takes pictures of a model to compare another with; its textures are read before this resolves. @throws GlbProblem */
export async function takeReference(parts: WorldPart[], box: Box): Promise<Reference> {
  const meshes = parts.map(({ positions }) => positions);
  const cameras = frameCameras(meshes, box, CANVAS.size, DIRECTIONS);
  const samplers = await loadSamplers(parts, MAX_TEXTURE_PIXELS);
  const originals = cameras.map((camera) => shoot(parts, samplers, camera));
  return {
    async compare(others) {
      const otherSamplers = await loadSamplers(others, MAX_TEXTURE_PIXELS);
      let sum = 0;
      let windows = 0;
      for (const [index, camera] of cameras.entries()) {
        const original = originals[index];
        const other = shoot(others, otherSamplers, camera);
        const isShown = (pixel: number) => original.cover[pixel] > 0 || other.cover[pixel] > 0;
        const view = compareWindows(original.luma, other.luma, isShown, PIXELS);
        sum += view.sum;
        windows += view.windows;
      }
      const ssim = windows === 0 ? 1 : Number((sum / windows).toFixed(DIGITS));
      return { ssim, views: cameras.length };
    },
  };
}

/** Luma by Rec. ITU-R BT.709. */
function shoot(parts: WorldPart[], samplers: Samplers, camera: Camera): Shot {
  drawModel(CANVAS, { parts, samplers }, camera, 1);
  const pixels = develop(CANVAS, 1);
  const luma = new Float32Array(PIXELS * PIXELS);
  const cover = new Float32Array(PIXELS * PIXELS);
  for (let pixel = 0; pixel < luma.length; pixel++) {
    const at = pixel * 4;
    cover[pixel] = pixels[at + 3] / 255;
    const own = (0.2126 * pixels[at] + 0.7152 * pixels[at + 1] + 0.0722 * pixels[at + 2]) / 255;
    luma[pixel] = own * cover[pixel] + BACKGROUND * (1 - cover[pixel]);
  }
  return { luma, cover };
}
