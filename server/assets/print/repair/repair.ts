import type { PrintRepairSteps } from "../../../contract/print.ts";
import { AppError } from "../../../errors.ts";
import { closeCracks } from "./close-cracks.ts";
import { flattenBase, joinShells } from "./join-shells.ts";
import { loadManifold, type Solid, type SolidLibrary, SolidScope } from "./manifold-library.ts";
import { remesh } from "./remesh.ts";
import { makeShells } from "./shells.ts";
import type { SolidMesh } from "./solid-mesh.ts";

export interface Repaired {
  mesh: SolidMesh;
  steps: PrintRepairSteps;
}

/**
 * A closed solid that stands flat, of any surface: each piece closed, sheets thickened, all united; where that gives
 * nothing, a new surface around what lies inside.
 * @throws AppError `export-failed` where the surface has neither an inside nor a sheet to thicken
 */
export async function repairMesh(source: SolidMesh): Promise<Repaired> {
  const library = await loadManifold();
  using scope = new SolidScope();
  const { mesh, joined } = closeCracks(source);
  const { shells, report } = makeShells(mesh, library, scope);
  const { refused, ...closing } = report;
  const isSound = shells.length > 0 && refused === 0;
  const mended = isSound ? { ...joinShells(shells, library, scope), gridMillimetres: null } : null;
  const whole = mended ?? lastWay(mesh, library, scope);
  if (!whole) throw NOTHING_TO_PRINT();
  const { solid, cutMillimetres } = flattenBase(whole.solid, scope);
  const { specksDropped, shellsJoined, gridMillimetres } = whole;
  const size = solid.boundingBox();
  return {
    mesh: toMesh(solid),
    steps: {
      ...closing,
      cornersJoined: joined,
      specksDropped,
      shellsJoined,
      gridMillimetres,
      cutMillimetres,
      volumeCubicCentimetres: Number((solid.volume() / 1000).toPrecision(6)),
      sizeMillimetres: size.max.map((value, axis) =>
        Number((value - size.min[axis]).toPrecision(6)),
      ) as PrintRepairSteps["sizeMillimetres"],
    },
  };
}

function lastWay(mesh: SolidMesh, library: SolidLibrary, scope: SolidScope) {
  const found = remesh(mesh, library, scope);
  return (
    found && { solid: found.solid, specksDropped: 0, shellsJoined: 0, gridMillimetres: found.cellMillimetres }
  );
}

/** Corners of equal place become one again, with the colour of the first. */
function toMesh(solid: Solid): SolidMesh {
  const { numProp, vertProperties, triVerts, mergeFromVert, mergeToVert } = solid.getMesh();
  const count = vertProperties.length / numProp;
  const hasColours = numProp >= 6;
  const positions = new Float64Array(count * 3);
  const colours = hasColours ? new Float32Array(count * 3) : null;
  for (let corner = 0; corner < count; corner++) {
    for (let axis = 0; axis < 3; axis++) {
      positions[corner * 3 + axis] = vertProperties[corner * numProp + axis];
      if (colours) colours[corner * 3 + axis] = vertProperties[corner * numProp + 3 + axis];
    }
  }
  const merged = new Map(
    mergeFromVert && mergeToVert
      ? Array.from(mergeFromVert, (from, index) => [from, mergeToVert[index]])
      : [],
  );
  return {
    positions,
    colours,
    triangles: Uint32Array.from(triVerts, (corner) => merged.get(corner) ?? corner),
  };
}

const NOTHING_TO_PRINT = () =>
  new AppError("export-failed", {
    detail: {
      en: "The model has no inside and no sheet that could be thickened, so there is nothing to print. Try another photo or another generator.",
      ru: "У модели нет ни объёма, ни листа, который можно утолстить, печатать нечего. Попробуйте другую фотографию или другой генератор.",
    },
  });
