import type { Document } from "@gltf-transform/core";
import { writeGlb } from "../glb-document.ts";
import { applyTextures, type EncodedTexture } from "../glb-textures.ts";
import { type Box, bakePlacement, type Placement } from "../true-size.ts";
import { canJoin, joinMeshes } from "./join-meshes.ts";
import { packGeometry } from "./pack-geometry.ts";
import { placeOriginal } from "./place-original.ts";
import { prepareDocument } from "./prepare.ts";
import { simplifyMeshes } from "./simplify-meshes.ts";

/** How far a surface may be moved to save bytes, as a share of the model's size. */
export const ERROR_BOUND = 0.01;

/** What every attempt starts from; `document` was made of `source` and is placed. */
export interface DeliverySource {
  source: Buffer;
  /** Whether viewers can show the source as it is: it breaks no rule of glTF and wants no decoder they don't have. */
  isShowable: boolean;
  placement: Placement;
  /** Metres, of the placed model. */
  box: Box;
}

/** A file that could be delivered. */
export interface Attempt {
  method: "packed" | "plain" | "placed";
  content: Uint8Array;
  textures: EncodedTexture[];
  drawCalls: number;
  triangles: number;
  positionStepMetres: number;
  simplifiedByMetres: number;
}

/** What is left of an attempt without its pictures, bytes. */
export const geometryBytes = ({ content, textures }: Attempt) => content.length - textureBytes(textures);

export const textureBytes = (textures: EncodedTexture[]) =>
  textures.reduce((sum, { image }) => sum + image.length, 0);

const TRIANGLES = 4;

/** Without the name of the tool, which in small files counts. */
function write(document: Document): Promise<Uint8Array> {
  Object.assign(document.getRoot().getAsset(), { generator: undefined });
  return writeGlb(document);
}

function countDraws(document: Document): { drawCalls: number; triangles: number } {
  let drawCalls = 0;
  let triangles = 0;
  document
    .getRoot()
    .getDefaultScene()!
    .traverse((node) => {
      for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
        drawCalls++;
        const counted = primitive.getIndices() ?? primitive.getAttribute("POSITION");
        if (primitive.getMode() === TRIANGLES) triangles += (counted?.getCount() ?? 0) / 3;
      }
    });
  return { drawCalls, triangles };
}

/** The document of a source once more, placed. An attempt uses its document up. */
export async function placedDocument({ source, placement }: DeliverySource): Promise<Document> {
  const document = await prepareDocument(source);
  bakePlacement(document, placement);
  return document;
}

/** Joined where possible, on a grid, compressed; with `ratio` below 1 with fewer triangles. */
export async function packed(
  document: Document,
  { box }: DeliverySource,
  textures: EncodedTexture[],
  ratio = 1,
): Promise<Attempt> {
  applyTextures(document, textures);
  if (canJoin(document)) await joinMeshes(document);
  const share = ratio < 1 ? await simplifyMeshes(document, ratio, ERROR_BOUND) : 0;
  const positionStepMetres = await packGeometry(document, box);
  const size = Math.max(...box.max.map((value, axis) => value - box.min[axis]));
  return {
    method: "packed",
    ...countDraws(document),
    content: await write(document),
    textures,
    positionStepMetres,
    simplifiedByMetres: share * size,
  };
}

/** The geometry as it came, cleaned. */
export async function plain(document: Document, textures: EncodedTexture[]): Promise<Attempt> {
  applyTextures(document, textures);
  const content = await write(document);
  return {
    method: "plain",
    ...countDraws(document),
    content,
    textures,
    positionStepMetres: 0,
    simplifiedByMetres: 0,
  };
}

/** The original with another size and place; `textures` are its own pictures. */
export function placed(
  document: Document,
  { source, placement }: DeliverySource,
  textures: EncodedTexture[],
): Attempt {
  return {
    method: "placed",
    ...countDraws(document),
    content: placeOriginal(source, placement),
    textures,
    positionStepMetres: 0,
    simplifiedByMetres: 0,
  };
}
