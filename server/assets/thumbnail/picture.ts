import type { Texture } from "@gltf-transform/core";
import type { WorldPart } from "../world-mesh.ts";
import type { Camera } from "./camera.ts";
import { type Canvas, drawSurface, wipe } from "./rasterizer.ts";
import { settle } from "./settle.ts";
import { createLight } from "./shading.ts";
import { createSurface } from "./surface.ts";
import { createSampler, type Sampler } from "./texture-sampler.ts";

export type Samplers = Map<Texture, Sampler>;

/** Opens the colour textures of a model, each reduced to at most `maxSide` pixels a side. @throws GlbProblem */
export async function loadSamplers(parts: WorldPart[], maxSide: number): Promise<Samplers> {
  const samplers: Samplers = new Map();
  for (const { material } of parts) {
    const texture = material?.getBaseColorTexture();
    if (texture && !samplers.has(texture)) {
      samplers.set(texture, await createSampler(texture, material!.getBaseColorTextureInfo()!, maxSide));
    }
  }
  return samplers;
}

/** Draws a model on a wiped canvas; colours are made once for each block of `block` × `block` samples. */
export function drawModel(
  canvas: Canvas,
  model: { parts: WorldPart[]; samplers: Samplers },
  camera: Camera,
  block: number,
): void {
  const { parts, samplers } = model;
  const light = createLight(camera);
  wipe(canvas);
  const draw = (part: WorldPart) => {
    const texture = part.material?.getBaseColorTexture();
    drawSurface(canvas, createSurface(part, camera, (texture && samplers.get(texture)) ?? null, light));
  };
  const isTranslucent = ({ material }: WorldPart) => material?.getAlphaMode() === "BLEND";
  for (const part of parts) if (!isTranslucent(part)) draw(part);
  settle(canvas, block);
  for (const part of parts) if (isTranslucent(part)) draw(part);
}
