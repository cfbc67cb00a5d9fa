import { EXTTextureWebP } from "@gltf-transform/extensions";
import sharp from "sharp";
import type { Provenance } from "../../../server/assets/export/provenance.ts";
import { ball, box, GlbBuilder } from "../make-glb.ts";

/** Everything that a careless writer trips over. */
export const SAMPLE_NAME = `Ваза "A" <&>\\ 花 'x' 😀 */ # ]]>`;

/** With the height of 60 cm the sample is this large: length, height, width in metres. */
export const SAMPLE_SIZE = [2.4, 0.6, 0.6];

/** What the corners of the front of the left box show, from the top left clockwise. */
export const FRONT_CORNERS = [
  { position: [-1.2, 0.6, 0.3], colour: [255, 0, 0] },
  { position: [-0.6, 0.6, 0.3], colour: [0, 255, 0] },
  { position: [-0.6, 0, 0.3], colour: [255, 255, 0] },
  { position: [-1.2, 0, 0.3], colour: [0, 0, 255] },
];

export const SAMPLE_PROVENANCE: Provenance = {
  photoSha256: "ab".repeat(32),
  provider: "genapi",
  network: "trellis",
  params: { seed: 7 },
  modelId: "01900000-0000-7000-8000-000000000000",
  createdAt: "2026-01-02T03:04:05.000Z",
};

/** Four colours in four quarters, as WebP with a transparent spot. */
function quarters(): Promise<Buffer> {
  const side = 64;
  const pixels = Buffer.alloc(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isRight = x >= side / 2;
      const { colour } = FRONT_CORNERS[y < side / 2 ? Number(isRight) : isRight ? 2 : 3];
      const isHole = x === side / 2 && y === side / 2;
      pixels.set([...colour, isHole ? 0 : 255], (y * side + x) * 4);
    }
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 4 } })
    .webp({ lossless: true })
    .toBuffer();
}

/** A textured box with all kinds of maps, a ball with dyed vertices, and a mirrored box of one colour; all closed. */
export async function sampleGlb(): Promise<Buffer> {
  const builder = new GlbBuilder();
  const { document } = builder;
  document.createExtension(EXTTextureWebP).setRequired(true);
  const grey = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#80ff00" } })
    .png()
    .toBuffer();
  const flat = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#8080ff" } })
    .jpeg()
    .toBuffer();
  const painted = builder
    .textured(await quarters(), "image/webp")
    .setAlphaMode("MASK")
    .setAlphaCutoff(0.25)
    .setMetallicRoughnessTexture(document.createTexture("rough").setImage(grey).setMimeType("image/png"))
    .setNormalTexture(document.createTexture("bumps").setImage(flat).setMimeType("image/jpeg"))
    .setEmissiveFactor([0.001, 0.002, 0.003])
    .setDoubleSided(true);
  const left = builder.add(box([0.1, 0.1, 0.1]), painted).setScale([2, 2, 2]);
  const holder = document.createNode("holder").setTranslation([-0.3, 5, 0]).addChild(left);
  builder.scene.addChild(holder);
  const { positions, indices, normals } = ball(0.1, 8);
  const colours = positions.map((_, at) => (at % 3 === 0 ? 1 : 0.25));
  const dyed = document.createMaterial().setMetallicFactor(0);
  builder.add({ positions, indices, normals, colours }, dyed).setTranslation([0, 5, 0]);
  const plain = document.createMaterial().setMetallicFactor(0).setBaseColorFactor([0, 0.5, 0, 1]);
  const block = box([0.2, 0.2, 0.2]);
  builder
    .add({ positions: block.positions, indices: block.indices }, plain)
    .setTranslation([0.3, 5, 0])
    .setScale([-1, 1, 1]);
  return builder.build();
}
