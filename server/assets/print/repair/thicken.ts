import { findRims } from "./rims.ts";
import type { CornerList } from "./solid-mesh.ts";

/** What a sheet without thickness gets: two and a half lines of a usual nozzle. */
export const SHEET_MILLIMETRES = 1;

/** A slab around a sheet: its faces half the thickness out to both sides, and walls along its rims. */
export function thicken(triangles: readonly number[], list: CornerList): number[] {
  const normals = new Map<number, [number, number, number]>();
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => list.place(triangles[at + k]));
    const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
    const cross = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    for (let k = 0; k < 3; k++) {
      const sum = normals.get(triangles[at + k]) ?? [0, 0, 0];
      for (let axis = 0; axis < 3; axis++) sum[axis] += cross[axis];
      normals.set(triangles[at + k], sum);
    }
  }
  const shifted = (side: 1 | -1) =>
    new Map(
      [...normals].map(([corner, normal]) => {
        const step = (side * SHEET_MILLIMETRES) / 2 / (Math.hypot(...normal) || 1);
        const place = list.place(corner).map((value, axis) => value + normal[axis] * step);
        return [corner, list.add(place, [corner])] as const;
      }),
    );
  const [front, back] = [shifted(1), shifted(-1)];
  const slab = triangles.map((corner) => front.get(corner)!);
  for (let at = 0; at < triangles.length; at += 3) {
    slab.push(...[1, 0, 2].map((k) => back.get(triangles[at + k])!));
  }
  for (const rim of findRims(triangles)) {
    for (const [index, corner] of rim.entries()) {
      const next = rim[(index + 1) % rim.length];
      const [a, b, c, d] = [front.get(corner)!, front.get(next)!, back.get(corner)!, back.get(next)!];
      slab.push(b, a, c, b, c, d);
    }
  }
  return slab;
}
