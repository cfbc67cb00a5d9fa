import type { Mesh } from "../solid/marching-tetrahedra.ts";
import { drawAtlas, planAtlas } from "./atlas.ts";
import { bakeIslands } from "./bake-islands.ts";
import type { Texture } from "./front-texture.ts";
import { stretchedIslands } from "./islands.ts";
import { type PlacedIsland, packIslands, texelOf } from "./pack-islands.ts";
import { type PlanarPlaces, surfacePoint, trianglesOfFront } from "./planar-places.ts";

export interface UnwrappedMesh {
  /** For each vertex the vertex of the closed mesh that it was split from. */
  sources: Uint32Array;
  /** Two per vertex, 0 to 1, v down. */
  textureCoordinates: Float32Array;
  indices: Uint32Array;
}

/**
 * Gives every vertex its place in an atlas of at most `maxSide` pixels a side. What the photo covers lies in the front's
 * and the back's chart; what it would only cover in streaks lies in islands of its own. Vertices on the seams between them
 * are doubled. `normals` belong to `mesh`.
 */
export async function unwrap(
  mesh: Mesh,
  normals: Float32Array,
  places: PlanarPlaces,
  front: Texture,
  back: Texture,
  maxSide: number,
): Promise<{ unwrapped: UnwrappedMesh; jpeg: Uint8Array }> {
  const onFront = trianglesOfFront(mesh, normals, places);
  const islands = stretchedIslands(mesh, normals, onFront, places);
  const plan = planAtlas(front, maxSide);
  const strip = packIslands(mesh, islands, plan.strip, plan.front.width / places.cellsAcross);
  const rgb = bakeIslands(mesh, normals, strip, places, front, back);
  const atlas = await drawAtlas(plan, front, back, { width: strip.width, height: strip.height, rgb });

  const homes: (PlacedIsland | null)[] = new Array(onFront.length).fill(null);
  for (const island of strip.islands) for (const t of island.triangles) homes[t] = island;
  const charts = new Map<PlacedIsland | number, Map<number, number>>();
  const sources: number[] = [];
  const coordinates: number[] = [];
  const pixelOf = (v: number, home: PlacedIsland | null, isFront: boolean): [number, number] => {
    if (home !== null) {
      const [x, y] = texelOf(mesh, home, strip.density, v);
      return [atlas.strip.left + x, atlas.strip.top + y];
    }
    const [x, y] = places.inTexture(surfacePoint(mesh, normals, v), isFront);
    const { left, top, width, height } = isFront ? plan.front : plan.back;
    return [left + x * width, top + y * height];
  };
  const indices = mesh.indices.map((v, i) => {
    const t = Math.floor(i / 3);
    const [home, isFront] = [homes[t], onFront[t] === 1];
    const key = home ?? onFront[t];
    const ids = charts.get(key) ?? new Map<number, number>();
    charts.set(key, ids);
    const known = ids.get(v);
    if (known !== undefined) return known;
    const [x, y] = pixelOf(v, home, isFront);
    coordinates.push(x / atlas.size.width, y / atlas.size.height);
    ids.set(v, sources.length);
    sources.push(v);
    return sources.length - 1;
  });
  const textureCoordinates = Float32Array.from(coordinates);
  return { unwrapped: { sources: Uint32Array.from(sources), textureCoordinates, indices }, jpeg: atlas.jpeg };
}
