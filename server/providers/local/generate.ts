import type { Box } from "../../contract/generation.ts";
import { AppError } from "../../errors.ts";
import { type CutOut, cutOut, type ModeChoice } from "./cutout/cut-out.ts";
import { decodePhoto } from "./image/decode-photo.ts";
import { boundsOf, type PixelRect } from "./image/picture.ts";
import { shrinkPhoto } from "./image/shrink.ts";
import { extentPlanes } from "./solid/extent-planes.ts";
import type { Mesh } from "./solid/marching-tetrahedra.ts";
import { meshSolid } from "./solid/mesh-solid.ts";
import { type GuessedShape, objectSolid } from "./solid/object-solid.ts";
import { reliefSolid } from "./solid/relief-solid.ts";
import { type Silhouette, silhouetteOf } from "./solid/silhouette.ts";
import type { Solid } from "./solid/solid.ts";
import { backTexture } from "./surface/back-texture.ts";
import { dropCrumbs, simplifyClosed, smoothNormals } from "./surface/closed-mesh.ts";
import { frontTexture, pureInside } from "./surface/front-texture.ts";
import { PhotoProjection } from "./surface/photo-projection.ts";
import { addPictureRelief } from "./surface/picture-relief.ts";
import { placeMesh } from "./surface/placement.ts";
import { PlanarPlaces } from "./surface/planar-places.ts";
import { unwrap } from "./surface/unwrap.ts";
import { writeGlb } from "./surface/write-glb.ts";

/** Longest side of the picture that is cut out and shaped; only the texture takes more. */
const WORK_SIDE = 640;
/** Longest side of the photo that the texture is made of: more would not fit the process' memory safely. */
const MAX_PHOTO_SIDE = 1600;
/** Width of the outline that mixes with the background, in pixels of that picture. */
const MIXED_PIXELS = 1.5;
const MIN_TRIANGLES = 20_000;
/** Cells along the longer side: more for finer meshes. */
const BASE_CELLS = 90;
const TRIANGLES_PER_CELL = 2000;
const MAX_CELLS = 420;
/** An object that fills less of its frame is sparse. */
const SPARSE_SHARE = 0.5;
const SPARSE_FINENESS = 1.45;
const TEXTURE_MARGIN = 4;

export interface GenerateParams {
  triangles: number;
  textureSize: number;
  /** Whole depth as a share of the width; null for the shape's own guess. */
  depth: number | null;
  mode: ModeChoice;
  box: Box | null;
}

/** What the result honestly is. */
export interface GenerateReport {
  mode: CutOut["mode"];
  maskSource: CutOut["maskSource"];
  /** Of the cut-out, 0 to 1. */
  confidence: number;
  /** How the depth was guessed. */
  shape: GuessedShape | "relief";
  guessed: ["back", "depth"];
  scaleAssumed: true;
  triangles: number;
}

interface Body {
  silhouette: Silhouette;
  solid: Solid;
  shape: GenerateReport["shape"];
  mesh: Mesh;
}

function buildBody(cut: CutOut, cells: number): Body {
  const silhouette = silhouetteOf(cut.picture, cut.mask, cut.alpha, cells);
  if (silhouette === null) throw new AppError("no-object-found");
  const { solid, shape } =
    cut.mode === "relief"
      ? { solid: reliefSolid(silhouette), shape: "relief" as const }
      : objectSolid(silhouette);
  const mesh = dropCrumbs(meshSolid(solid));
  if (mesh.indices.length === 0) throw new AppError("no-object-found");
  return { silhouette, solid, shape, mesh };
}

/** Legs, leaves and handles fill little of their frame and need a finer grid. */
function fineness({ mask }: CutOut): number {
  const rect = boundsOf(mask);
  if (rect === null) return 1;
  const area = mask.values.reduce((sum, value) => sum + value, 0);
  const share = area / ((rect.right - rect.left) * (rect.bottom - rect.top));
  return share < SPARSE_SHARE ? SPARSE_FINENESS : 1;
}

/** A body with more triangles than asked for, so that they can be reduced: slender objects need a finer grid. */
function buildFineBody(cut: CutOut, triangles: number): Body {
  let cells = (BASE_CELLS + triangles / TRIANGLES_PER_CELL) * fineness(cut);
  for (;;) {
    const body = buildBody(cut, cells);
    const count = body.mesh.indices.length / 3;
    if (count >= 1.2 * triangles || cells >= MAX_CELLS) return body;
    cells = Math.min(MAX_CELLS, Math.ceil(cells * Math.sqrt((1.5 * triangles) / count)));
  }
}

function textureRect(cut: CutOut): PixelRect {
  const { width, height } = cut.picture;
  const rect = boundsOf(cut.mask) ?? { left: 0, top: 0, right: width, bottom: height };
  return {
    left: Math.max(0, rect.left - TEXTURE_MARGIN),
    top: Math.max(0, rect.top - TEXTURE_MARGIN),
    right: Math.min(width, rect.right + TEXTURE_MARGIN),
    bottom: Math.min(height, rect.bottom + TEXTURE_MARGIN),
  };
}

/**
 * Makes a GLB of the photo at `path`. The same photo and parameters give the same bytes. Throws
 * `no-object-found`, `photo-damaged` and `photo-too-small`. `onProgress` takes a percentage.
 */
export async function generate(
  path: string,
  params: GenerateParams,
  onProgress: (percent: number) => void,
): Promise<{ glb: Uint8Array; report: GenerateReport }> {
  const side = Math.max(WORK_SIDE, Math.min(MAX_PHOTO_SIDE, params.textureSize));
  const photo = await decodePhoto(path, params.box, side);
  onProgress(5);
  const cut = await cutOut(await shrinkPhoto(photo, WORK_SIDE), params.mode);
  onProgress(45);
  const { silhouette, solid, shape, mesh } = buildFineBody(cut, Math.max(MIN_TRIANGLES, params.triangles));
  onProgress(65);
  const extent = extentPlanes(solid);
  if (shape !== "relief") addPictureRelief(mesh, silhouette, extent.front, shape);
  const reduced = await simplifyClosed(mesh, params.triangles);
  onProgress(75);
  const placed = placeMesh(reduced, params.depth);
  const normals = smoothNormals(placed);

  const rect = textureRect(cut);
  const pure = shape === "relief" ? cut.mask : pureInside(cut.mask, MIXED_PIXELS);
  const front = frontTexture(photo.picture, pure, rect);
  const back = shape === "turned" ? front : await backTexture(front);
  onProgress(85);
  const isFlatSided = shape === "box";
  const projection = new PhotoProjection(silhouette, extent, isFlatSided);
  const { unwrapped, jpeg } = await unwrap(
    { positions: reduced.positions, indices: placed.indices },
    normals,
    new PlanarPlaces(projection, silhouette, rect),
    front,
    back,
    params.textureSize,
  );
  const report: GenerateReport = {
    mode: cut.mode,
    maskSource: cut.maskSource,
    confidence: Math.round(cut.confidence * 100) / 100,
    shape,
    guessed: ["back", "depth"],
    scaleAssumed: true,
    triangles: placed.indices.length / 3,
  };
  const glb = await writeGlb(placed, normals, unwrapped, jpeg, { ...report });
  onProgress(100);
  return { glb, report };
}
