import type { SolidLibrary } from "./manifold-library.ts";
import type { CornerList } from "./solid-mesh.ts";

type Vector = [number, number, number];
type Vector2 = [number, number];
type Face = [number, number, number];

/** Rims whose planes lean or lie further apart than this share of their size are closed one by one. */
const PLANE_SLACK = 1e-3;
const AREA_SLACK = 0.02;

interface Rim {
  /** In the direction of the cap. */
  corners: number[];
  /** Newell's normal, as long as twice the enclosed area. */
  normal: Vector;
  middle: Vector;
  size: number;
}

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: Vector): Vector => {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
};

function describeRim(corners: number[], list: CornerList): Rim {
  const places = corners.map((corner) => list.place(corner));
  const middle = [0, 1, 2].map(
    (axis) => places.reduce((sum, p) => sum + p[axis], 0) / places.length,
  ) as Vector;
  const normal: Vector = [0, 0, 0];
  for (const [index, place] of places.entries()) {
    const turned = cross(minus(place, middle), minus(places[(index + 1) % places.length], middle));
    for (let axis = 0; axis < 3; axis++) normal[axis] += turned[axis];
  }
  const size = 2 * Math.max(...places.map((place) => Math.hypot(...minus(place, middle))));
  return { corners, normal, middle, size };
}

/** Rims that lie in one plane together, the largest first: an inner one is a hole in the cap of an outer one. */
function groupByPlane(rims: Rim[], list: CornerList): Rim[][] {
  const groups: Rim[][] = [];
  for (const rim of [...rims].sort((a, b) => Math.hypot(...b.normal) - Math.hypot(...a.normal))) {
    const group = groups.find(([outer]) => {
      const normal = unit(outer.normal);
      const slack = outer.size * PLANE_SLACK;
      return [...rim.corners, ...outer.corners].every(
        (corner) => Math.abs(dot(minus(list.place(corner), outer.middle), normal)) < slack,
      );
    });
    if (group) group.push(rim);
    else groups.push([rim]);
  }
  return groups;
}

/** Triangles in the common plane of rims; null where their outlines cross themselves. */
function fillPlane(library: SolidLibrary, rims: Rim[], list: CornerList): number[] | null {
  const normal = unit(rims[0].normal);
  const right = unit(cross(Math.abs(normal[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0], normal));
  const up = cross(normal, right);
  const flat = (corner: number): Vector2 => {
    const from = minus(list.place(corner), rims[0].middle);
    return [dot(from, right), dot(from, up)];
  };
  const corners = rims.flatMap((rim) => rim.corners);
  const places = corners.map(flat);
  const wanted = rims.reduce((sum, rim) => sum + dot(rim.normal, normal) / 2, 0);
  try {
    const faces: Face[] = library.triangulate(rims.map((rim) => rim.corners.map(flat)));
    let area = 0;
    for (const face of faces) {
      const [a, b, c] = face.map((index) => places[index]);
      area += Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2;
    }
    if (Math.abs(area - wanted) > AREA_SLACK * Math.abs(wanted)) return null;
    return faces.flatMap((face) => face.map((index) => corners[index]));
  } catch {
    return null;
  }
}

/** Triangles from each edge of a rim to a new corner in its middle. */
function fan({ corners, middle }: Rim, list: CornerList): number[] {
  if (corners.length < 3) return [];
  if (corners.length === 3) return corners;
  const hub = list.add(middle, corners);
  return corners.flatMap((corner, index) => [corner, corners[(index + 1) % corners.length], hub]);
}

/**
 * Closes holes: in their plane where they have one, else around a new corner in the middle. Rims run as their
 * triangles do. Answers the new triangles; `list` may get new corners.
 */
export function capRims(library: SolidLibrary, rims: number[][], list: CornerList): number[] {
  const wide = rims.filter((rim) => rim.length > 2);
  const described = wide.map((rim) => describeRim([...rim].reverse(), list));
  return groupByPlane(described, list).flatMap((group) => {
    const together = fillPlane(library, group, list);
    if (together && balances(together, group)) return together;
    return group.flatMap((rim) => {
      const alone = fillPlane(library, [rim], list);
      return alone && balances(alone, [rim]) ? alone : fan(rim, list);
    });
  });
}

/** Whether triangles close exactly the rims: their own edges cancel out but for those. */
function balances(triangles: number[], rims: Rim[]): boolean {
  const sums = new Map<number, number>();
  const add = (from: number, to: number, step: number) => {
    const [key, signed] = from < to ? [from * 2 ** 26 + to, step] : [to * 2 ** 26 + from, -step];
    sums.set(key, (sums.get(key) ?? 0) + signed);
  };
  for (let at = 0; at < triangles.length; at++) {
    add(triangles[at], triangles[at % 3 === 2 ? at - 2 : at + 1], 1);
  }
  for (const { corners } of rims) {
    for (const [index, corner] of corners.entries()) add(corner, corners[(index + 1) % corners.length], -1);
  }
  return [...sums.values()].every((sum) => sum === 0);
}
