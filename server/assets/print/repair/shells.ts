import { capRims } from "./cap.ts";
import type { Solid, SolidLibrary, SolidScope } from "./manifold-library.ts";
import { findPatches, type Patch } from "./patches.ts";
import { findRims } from "./rims.ts";
import { singleFaces } from "./single-faces.ts";
import { CornerList, type SolidMesh } from "./solid-mesh.ts";
import { SHEET_MILLIMETRES, thicken } from "./thicken.ts";

/** Caps of more than this share of a patch, near to it everywhere, say that it is a sheet and no vessel. */
const SHEET_CAP_SHARE = 0.7;
const SHEET_DEPTH_SHARE = 0.03;
/** Of so many it would take too long to make one; they are shreds. */
const MAX_PATCHES = 1000;
/** Volume over half the area. */
const NO_DEPTH_MILLIMETRES = 0.05;

/** A closed piece. Its volume is negative where it came inside out on purpose, as the inside of something hollow. */
export interface Shell {
  solid: Solid;
  volume: number;
  isCavity: boolean;
}

export interface ShellReport {
  duplicatesRemoved: number;
  facesTurned: number;
  holesClosed: number;
  /** Circumference over π; null without holes. */
  largestHoleMillimetres: number | null;
  sheetsThickened: number;
  /** Patches that the library refused. */
  refused: number;
}

interface Bench {
  /** Of the whole mesh, with what is added to it. */
  list: CornerList;
  library: SolidLibrary;
  scope: SolidScope;
  report: ShellReport;
}

/** Makes closed pieces of a surface; each stands for itself, whether they overlap or not. */
export function makeShells(mesh: SolidMesh, library: SolidLibrary, scope: SolidScope) {
  const { triangles, doubled, removed } = singleFaces(mesh.triangles);
  const report: ShellReport = {
    duplicatesRemoved: removed,
    facesTurned: 0,
    holesClosed: 0,
    largestHoleMillimetres: null,
    sheetsThickened: 0,
    refused: 0,
  };
  const bench: Bench = { list: new CornerList(mesh), library, scope, report };
  const patches = findPatches(triangles);
  if (patches.length > MAX_PATCHES) return { shells: [], report };
  const sheets: Patch[] = findPatches(doubled);
  const shells: Shell[] = [];
  const known = new Set<number>();
  for (const patch of patches) {
    const shell = closePatch(patch, bench);
    if (shell === "sheet") sheets.push(patch);
    else if (shell) {
      shells.push(shell);
      for (const corner of patch.triangles) known.add(corner);
    }
  }
  for (const sheet of sheets) {
    const rim = findRims(sheet.triangles).flat();
    // A wall inside hangs on the surface all around; what it parts is one piece without it.
    const isInside = rim.length > 0 && rim.every((corner) => known.has(corner));
    if (isInside) report.duplicatesRemoved += sheet.triangles.length / 3;
    else shells.push(...makeSheet(sheet, bench));
  }
  return { shells, report };
}

function closePatch(patch: Patch, bench: Bench): Shell | "sheet" | null {
  const { library, list, report } = bench;
  const rims = findRims(patch.triangles);
  const caps = capRims(library, rims, list);
  const own = measure(patch.triangles, list);
  const capArea = measure(caps, list).area;
  const volume = Math.abs(measure([...patch.triangles, ...caps], list).volume);
  const isFlat = (2 * volume) / own.area < NO_DEPTH_MILLIMETRES;
  const isSheet =
    capArea > own.area * SHEET_CAP_SHARE &&
    volume / capArea < own.size * SHEET_DEPTH_SHARE &&
    rims.length > 0;
  if (isFlat || isSheet) return "sheet";
  const solid = build([...patch.triangles, ...caps], bench);
  if (!solid) return null;
  report.facesTurned += patch.turned;
  report.holesClosed += rims.length;
  for (const rim of rims) noteHole(rim, list, report);
  return { ...outwards(solid, bench), isCavity: solid.volume() < 0 && patch.wasConsistent };
}

function makeSheet(patch: Patch, bench: Bench): Shell[] {
  const { list } = bench;
  if (measure(patch.triangles, list).area < SHEET_MILLIMETRES ** 2) return [];
  const solid = build(thicken(patch.triangles, list), bench);
  if (!solid) return [];
  bench.report.facesTurned += patch.turned;
  bench.report.sheetsThickened++;
  return [{ ...outwards(solid, bench), isCavity: false }];
}

/** A solid of triangles whose edges cancel out; null where the library finds fault with it. */
function build(triangles: number[], { list, library, scope, report }: Bench): Solid | null {
  const { positions, colours } = list;
  const numbers = new Map<number, number>();
  const triVerts = Uint32Array.from(triangles, (corner) => {
    const number = numbers.get(corner) ?? numbers.size;
    numbers.set(corner, number);
    return number;
  });
  const numProp = colours ? 6 : 3;
  const vertProperties = new Float32Array(numbers.size * numProp);
  for (const [corner, number] of numbers) {
    for (let axis = 0; axis < 3; axis++) {
      vertProperties[number * numProp + axis] = positions[corner * 3 + axis];
      if (colours) vertProperties[number * numProp + 3 + axis] = colours[corner * 3 + axis];
    }
  }
  try {
    const solid = new library.Manifold(new library.Mesh({ numProp, vertProperties, triVerts }));
    if (!solid.isEmpty()) return scope.keep(solid);
    solid.delete();
  } catch {
    report.refused++;
  }
  return null;
}

/** The same solid with its outside out. */
function outwards(solid: Solid, { library, scope }: Bench): { solid: Solid; volume: number } {
  const volume = solid.volume();
  if (volume >= 0) return { solid, volume };
  const mesh = solid.getMesh();
  const triVerts = mesh.triVerts.slice();
  for (let at = 0; at < triVerts.length; at += 3) {
    [triVerts[at], triVerts[at + 1]] = [triVerts[at + 1], triVerts[at]];
  }
  const { numProp, vertProperties, mergeFromVert, mergeToVert } = mesh;
  const turned = new library.Mesh({ numProp, vertProperties, triVerts, mergeFromVert, mergeToVert });
  return { solid: scope.keep(new library.Manifold(turned)), volume: -volume };
}

function noteHole(rim: number[], list: CornerList, report: ShellReport): void {
  let around = 0;
  for (const [index, corner] of rim.entries()) {
    const [from, to] = [list.place(corner), list.place(rim[(index + 1) % rim.length])];
    around += Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  }
  const width = Number((around / Math.PI).toPrecision(4));
  report.largestHoleMillimetres = Math.max(width, report.largestHoleMillimetres ?? 0);
}

/** Area, enclosed volume and diagonal. */
function measure(triangles: readonly number[], list: CornerList) {
  let area = 0;
  let volume = 0;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => list.place(triangles[at + k]));
    const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    area += Math.hypot(...n) / 2;
    volume += (a[0] * n[0] + a[1] * n[1] + a[2] * n[2]) / 6;
    for (const place of [a, b, c]) {
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis], place[axis]);
        high[axis] = Math.max(high[axis], place[axis]);
      }
    }
  }
  return {
    area,
    volume,
    size: triangles.length ? Math.hypot(...high.map((value, axis) => value - low[axis])) : 0,
  };
}
