import type { PrintCheck, PrintReason } from "../../contract/print.ts";
import { surveySurface } from "../surface/survey.ts";
import { buildTree } from "../surface/triangle-tree.ts";
import { weldSurface } from "../surface/weld.ts";
import type { Box } from "../true-size.ts";
import type { WorldPart } from "../world-mesh.ts";
import { describeParts } from "./print-parts.ts";
import { countSelfIntersections } from "./self-intersections.ts";
import { measureWalls } from "./walls.ts";

/** A usual printer for the desk; which side lies where can be chosen. */
const BED_MILLIMETRES = [220, 220, 250];
/** Of the measured places: less are tips and rims, which print a little rounder. */
const SOME_THIN = 0.01;
const MANY_THIN = 0.1;
/** Volume over half the area: a closed surface with less has no inside to speak of. */
const SHEET_MILLIMETRES = 0.05;

/** Everything that decides whether a model at its true size in metres, Y up, prints as it is. */
export function checkForPrint(parts: WorldPart[], box: Box): PrintCheck {
  const welded = weldSurface(parts, box);
  const surface = { ...surveySurface(welded), triangles: welded.triangles.length / 3 };
  const tree = buildTree(welded.positions, welded.triangles);
  const { min, max } = box;
  const [length, height, width] = max.map((value, axis) => millimetres(value - min[axis]));
  const facts = {
    surface,
    sizeMillimetres: [length, width, height] satisfies [number, number, number],
    volumeCubicCentimetres:
      surface.volumeCubicMetres === null ? null : rounded(surface.volumeCubicMetres * 1e6),
    areaSquareCentimetres: rounded(surface.areaSquareMetres * 1e4),
    parts: describeParts(welded.positions, welded.triangles),
    selfIntersections: countSelfIntersections(tree),
    wall: measureWalls(tree),
  };
  const reasons = findReasons(facts);
  return { printable: reasons.every(({ blocks }) => !blocks), reasons, ...facts };
}

function findReasons(facts: Omit<PrintCheck, "printable" | "reasons">): PrintCheck["reasons"] {
  const { surface, wall, selfIntersections, sizeMillimetres } = facts;
  const reasons: PrintCheck["reasons"] = [];
  const add = (code: PrintReason, applies: boolean, blocks: boolean, count: number | null = null) => {
    if (applies) reasons.push({ code, blocks, count });
  };
  const depth = ((surface.volumeCubicMetres ?? Infinity) / surface.areaSquareMetres) * 2 * 1000;
  add("no-volume", depth < SHEET_MILLIMETRES, true);
  add("open-edges", surface.openEdges > 0, true, surface.openEdges);
  add("non-manifold-edges", surface.nonManifoldEdges > 0, true, surface.nonManifoldEdges);
  add("flipped-faces", surface.flippedEdges > 0, true, surface.flippedEdges);
  add("inside-out", surface.isInsideOut, true);
  if (wall) add("thin-walls", wall.thinShare >= SOME_THIN, wall.thinShare >= MANY_THIN);
  add("self-intersections", (selfIntersections ?? 0) > 0, false, selfIntersections);
  add("loose-parts", surface.looseParts > 1, false, surface.looseParts);
  const sides = [...sizeMillimetres].sort((a, b) => a - b);
  add(
    "larger-than-bed",
    sides.some((side, rank) => side > BED_MILLIMETRES[rank]),
    false,
  );
  return reasons;
}

const rounded = (value: number) => Number(value.toPrecision(5));
const millimetres = (metres: number) => rounded(metres * 1000);
