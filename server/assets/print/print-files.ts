import { Document } from "@gltf-transform/core";
import type { PrintRepair, PrintRepairSteps } from "../../contract/print.ts";
import type { Contents, ExportInput } from "../export/kinds.ts";
import { writeStl } from "../export/stl.ts";
import { writeThreeMf } from "../export/three-mf.ts";
import { weldSurface } from "../surface/weld.ts";
import { boundingBox } from "../world-mesh.ts";
import { checkForPrint } from "./check.ts";
import { cornerColours } from "./colours.ts";
import { repairMesh } from "./repair/repair.ts";
import { type SolidMesh, toSolidMesh } from "./repair/solid-mesh.ts";

const MILLIMETRES_PER_METRE = 1000;

/** What a print of the model as it is would meet, as JSON (`PrintCheck`). */
export const writePrintCheck = async ({ parts, box }: ExportInput): Promise<Uint8Array> =>
  Buffer.from(JSON.stringify(checkForPrint(parts, box)));

/**
 * A repair's three files: what it does, with the check of what comes out of it (`PrintRepair`); the repaired model as
 * binary STL, whose header says so; and as 3MF, with the steps in its description and the colours of the corners of
 * the surface.
 * @throws GlbProblem, AppError `export-failed`
 */
export async function writeRepaired(input: ExportInput): Promise<Contents> {
  const { name, provenance } = input;
  const { steps, ...repaired } = await repair(input);
  const report: PrintRepair = { steps, check: checkForPrint(repaired.parts, repaired.box) };
  const params = { ...provenance.params, printRepair: steps };
  return {
    "print-repair": Buffer.from(JSON.stringify(report)),
    "print-stl": await writeStl({ ...repaired, name: `repaired for print; ${name}` }),
    "print-3mf": await writeThreeMf({ ...repaired, name, provenance: { ...provenance, params } }),
  };
}

async function repair({ parts, box }: ExportInput) {
  const surface = weldSurface(parts, box);
  const colours = await cornerColours(parts, surface);
  const { mesh, steps } = await repairMesh(toSolidMesh(surface, box, colours));
  return { steps: steps satisfies PrintRepairSteps, ...toPlaced(mesh) };
}

/** A mesh in millimetres, Z up, as a model of one part in metres, Y up. */
function toPlaced({ positions, colours, triangles }: SolidMesh) {
  const document = new Document();
  const primitive = document.createPrimitive();
  if (colours) {
    primitive.setAttribute("COLOR_0", document.createAccessor().setType("VEC3").setArray(colours.slice()));
  }
  const placed = new Float32Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    placed[at] = positions[at] / MILLIMETRES_PER_METRE;
    placed[at + 1] = positions[at + 2] / MILLIMETRES_PER_METRE;
    placed[at + 2] = -positions[at + 1] / MILLIMETRES_PER_METRE;
  }
  const parts = [{ positions: placed, normals: null, primitive, indices: triangles, material: null }];
  return { document, parts, box: boundingBox(parts) };
}
