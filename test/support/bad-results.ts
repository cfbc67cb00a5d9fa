import sharp from "sharp";
import { makeBadModels } from "./bad-models.ts";
import type { Behaviour } from "./fake-genapi/behaviour.ts";
import { file, success } from "./fake-genapi/steps.ts";
import { ball, box, boxGlb, GlbBuilder } from "./make-glb.ts";

/** A generation that is done at the first poll and whose file is this. */
export const finishedWith = (...files: Buffer[]): Behaviour => ({
  polls: [success(({ resultUrl }) => ({ result: [resultUrl] }))],
  files: files.map((content) => file(() => content)),
});

async function manyTextures(count: number): Promise<Buffer> {
  const builder = new GlbBuilder();
  const create = { width: 2, height: 2, channels: 3 as const };
  for (let index = 0; index < count; index++) {
    const background = { r: index % 256, g: index >> 8, b: 7 };
    const image = await sharp({ create: { ...create, background } })
      .png()
      .toBuffer();
    builder.add(box([1, 1, 1]), builder.textured(image));
  }
  return builder.build();
}

async function manyTriangles(): Promise<Buffer> {
  const builder = new GlbBuilder();
  const mesh = builder.add(ball(1, 100)).getMesh();
  for (let copy = 0; copy < 300; copy++) builder.scene.addChild(builder.document.createNode().setMesh(mesh));
  return builder.build();
}

async function farApart(): Promise<Buffer> {
  const builder = new GlbBuilder();
  builder.add(box([1, 1, 1]));
  builder.add(box([1, 1, 1])).setTranslation([3e12, 0, 0]);
  return builder.build();
}

/** Results that must be refused, by what is wrong with them. */
export async function makeBadResults(): Promise<Record<string, Buffer>> {
  return {
    ...(await makeBadModels()),
    "too many textures": await manyTextures(260),
    "too many triangles": await manyTriangles(),
    "larger than the Earth": await boxGlb([2e7, 1, 1]),
    "two things far apart": await farApart(),
    "smaller than a virus": await boxGlb([1e-8, 1e-8, 1e-8]),
    infinite: await boxGlb([Number.POSITIVE_INFINITY, 1, 1]),
  };
}
