import type { Solid, SolidLibrary, SolidScope } from "./manifold-library.ts";
import type { Shell } from "./shells.ts";

/** Pieces of less than this share of the largest one's volume are specks. */
const SPECK_SHARE = 0.001;

/** One solid of all pieces: overlapping ones united, hollows taken out of what they lie in, specks left out. */
export function joinShells(shells: Shell[], library: SolidLibrary, scope: SolidScope) {
  const largest = Math.max(...shells.map(({ volume }) => volume));
  const kept = shells.filter(({ volume }) => volume >= largest * SPECK_SHARE);
  const hollows = kept.filter((shell) => shell.isCavity && kept.some((other) => lies(shell, other)));
  const bodies = kept.filter((shell) => !hollows.includes(shell)).map(({ solid }) => solid);
  const united = scope.keep(library.Manifold.union(bodies));
  const hollowed = hollows.length
    ? scope.keep(library.Manifold.difference([united, ...hollows.map(({ solid }) => solid)]))
    : united;
  const pieces = hollowed.decompose().map((piece) => scope.keep(piece));
  const sizes = pieces.map((piece) => piece.volume());
  const greatest = Math.max(...sizes);
  // A hollow is a piece of its own with a negative volume.
  const isSpeck = (size: number) => Math.abs(size) < greatest * SPECK_SHARE;
  const crumbs = sizes.filter(isSpeck).length;
  const solid = crumbs
    ? scope.keep(library.Manifold.compose(pieces.filter((_, index) => !isSpeck(sizes[index]))))
    : hollowed;
  return { solid, specksDropped: shells.length - kept.length + crumbs, shellsJoined: bodies.length };
}

/** Whether a piece lies within the box of another, larger one that is no hollow. */
function lies({ solid, volume }: Shell, other: Shell): boolean {
  if (other.isCavity || other.volume <= volume) return false;
  const [inner, outer] = [solid.boundingBox(), other.solid.boundingBox()];
  return inner.min.every((low, axis) => low >= outer.min[axis] && inner.max[axis] <= outer.max[axis]);
}

/** What the cut at the base did, in millimetres. */
export interface Stand {
  solid: Solid;
  cutMillimetres: number;
}

/** Heights of the cut as shares of the whole, the first that gives a stand is taken. */
const CUTS = [0, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03];
/** Around what touches the ground, as a share of the ground that the box covers. */
const STAND_SHARE = 0.05;
/** Below the least height that a printer lays down. */
const TOUCH_SHARE = 1e-4;

/** Cuts as little off below as lets it stand, and puts it on z = 0 with its middle at x = y = 0. */
export function flattenBase(solid: Solid, scope: SolidScope): Stand {
  const { min, max } = solid.boundingBox();
  const height = max[2] - min[2];
  const ground = (max[0] - min[0]) * (max[1] - min[1]);
  const standsOn = (level: number) => {
    const slice = scope.keep(solid.slice(min[2] + level));
    return slice.isEmpty() ? 0 : scope.keep(slice.hull()).area();
  };
  const share =
    CUTS.find((cut) => standsOn(height * (cut + TOUCH_SHARE)) >= ground * STAND_SHARE) ??
    CUTS[CUTS.length - 1];
  const cut = share * height;
  const flat = cut > 0 ? scope.keep(solid.trimByPlane([0, 0, 1], min[2] + cut)) : solid;
  const box = flat.boundingBox();
  const moved = flat.translate([-(box.min[0] + box.max[0]) / 2, -(box.min[1] + box.max[1]) / 2, -box.min[2]]);
  return { solid: scope.keep(moved), cutMillimetres: Number(cut.toPrecision(3)) };
}
