import type { SurfaceFacts } from "../../contract/print.ts";
import { countEdges } from "./edges.ts";
import { findLooseParts } from "./loose-parts.ts";
import type { WeldedSurface } from "./weld.ts";

const DIGITS = 6;

/** Enclosed volume (divergence theorem), surface area, and the area that each axis sees, with back and front. */
export function measureSurface({ positions, triangles }: Pick<WeldedSurface, "positions" | "triangles">) {
  let volume = 0;
  let area = 0;
  const seen: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at] * 3;
    const b = triangles[at + 1] * 3;
    const c = triangles[at + 2] * 3;
    const [ax, ay, az] = [positions[a], positions[a + 1], positions[a + 2]];
    const [ux, uy, uz] = [positions[b] - ax, positions[b + 1] - ay, positions[b + 2] - az];
    const [vx, vy, vz] = [positions[c] - ax, positions[c + 1] - ay, positions[c + 2] - az];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    volume += (ax * nx + ay * ny + az * nz) / 6;
    area += Math.sqrt(nx * nx + ny * ny + nz * nz) / 2;
    seen[0] += Math.abs(nx) / 4;
    seen[1] += Math.abs(ny) / 4;
    seen[2] += Math.abs(nz) / 4;
  }
  return { volume, area, seen };
}

/** Facts about a surface. Lengths are metres; linear in triangles but for the sorting of edges. */
export function surveySurface(surface: WeldedSurface): SurfaceFacts & { watertight: boolean } {
  const { positions, triangles, collapsedTriangles } = surface;
  const edges = countEdges(triangles);
  const { volume, area, seen } = measureSurface(surface);
  const watertight = triangles.length > 0 && edges.open + edges.nonManifold + edges.flipped === 0;
  return {
    watertight,
    openEdges: edges.open,
    nonManifoldEdges: edges.nonManifold,
    flippedEdges: edges.flipped,
    collapsedTriangles,
    looseParts: findLooseParts(triangles, positions.length / 3).count,
    isInsideOut: watertight && volume < 0,
    areaSquareMetres: rounded(area),
    volumeCubicMetres: watertight ? rounded(Math.abs(volume)) : null,
    outlineFill: rounded(outlineFill(positions, seen)),
  };
}

/** The area seen along the shortest side of the box, as a share of the box's rectangle there. */
function outlineFill(positions: Float64Array, seen: [number, number, number]): number {
  const sides = [0, 0, 0];
  for (let at = 0; at < positions.length; at++)
    if (positions[at] > sides[at % 3]) sides[at % 3] = positions[at];
  const thin = sides.indexOf(Math.min(...sides));
  const rectangle = sides[(thin + 1) % 3] * sides[(thin + 2) % 3];
  return rectangle > 0 ? seen[thin] / rectangle : 0;
}

const rounded = (value: number) => Number(value.toPrecision(DIGITS));
