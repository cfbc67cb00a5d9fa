import { Document } from "@gltf-transform/core";
import type { PrintRepair, PrintRepairSteps } from "../../contract/print.ts";
import type { ExportInput } from "../export/kinds.ts";
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

/** What a repair does, and the check of what comes out of it, as JSON (`PrintRepair`). @throws AppError */
export async function writePrintRepair(input: ExportInput): Promise<Uint8Array> {
  const { steps, parts, box } = await repair(input, false);
  const report: PrintRepair = { steps, check: checkForPrint(parts, box) };
  return Buffer.from(JSON.stringify(report));
}

/** The repaired model as binary STL; its header says that it was repaired. @throws AppError `export-failed` */
export async function writePrintStl(input: ExportInput): Promise<Uint8Array> {
  const repaired = await repair(input, false);
  return writeStl({ ...repaired, name: `repaired for print; ${input.name}` });
}

/**
 * The repaired model as 3MF with the steps of the repair in its description; colours come from the corners of the
 * surface. @throws GlbProblem, AppError `export-failed`
 */
export async function writePrintThreeMf(input: ExportInput): Promise<Uint8Array> {
  const { steps, ...repaired } = await repair(input, true);
  const { provenance } = input;
  const params = { ...provenance.params, printRepair: steps };
  return writeThreeMf({ ...input, ...repaired, provenance: { ...provenance, params } });
}

async function repair({ parts, box }: ExportInput, wantsColours: boolean) {
  const surface = weldSurface(parts, box);
  const colours = wantsColours ? await cornerColours(parts, surface) : null;
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
