import type { ExportInput } from "./kinds.ts";
import { GENERATOR, licenceNote, provenanceEntries } from "./provenance.ts";
import { simplifyForPhones } from "./simplify-for-phones.ts";
import { TextWriter } from "./text-writer.ts";
import { materialWriter } from "./usd-material.ts";
import { writeMesh } from "./usd-mesh.ts";
import { usdString } from "./usd-text.ts";
import { assertFitsText, gridOf } from "./welded-mesh.ts";
import { zipAligned } from "./zip.ts";

/**
 * A USDZ package for Quick Look: metres, Y up, `UsdPreviewSurface` materials, pictures as PNG or JPEG, everything
 * stored and aligned (USDZ file format specification 1.3), and as few triangles as phones like. @throws GlbProblem, AppError `export-failed`
 */
export async function writeUsdz(input: ExportInput): Promise<Uint8Array> {
  const { box, name } = input;
  assertFitsText(input.parts);
  const { parts } = await simplifyForPhones(input);
  const out = new TextWriter();
  out.add(header(input));
  out.add('def Xform "Model" (\n    kind = "component"\n');
  out.add(`    assetInfo = {\n        string name = ${usdString(name)}\n    }\n)\n{\n`);
  const materials = materialWriter();
  const grid = gridOf(box);
  for (const [index, part] of parts.entries()) {
    writeMesh(out, { name: `Part_${index + 1}`, part, material: materials.use(part), grid });
  }
  const { text, pictures } = await materials.write();
  out.add(`    def Scope "Materials"\n    {\n${text}    }\n}\n`);
  return zipAligned(new Map([["model.usda", out.toBytes()], ...pictures]));
}

function header({ name, provenance }: ExportInput): string {
  const facts = provenanceEntries(provenance)
    .map(([key, value]) => `        string ${key} = ${usdString(value)}\n`)
    .join("");
  return (
    `#usda 1.0\n(\n    customLayerData = {\n        string creator = ${usdString(GENERATOR)}\n` +
    `        string name = ${usdString(name)}\n${facts}    }\n` +
    `    defaultPrim = "Model"\n    doc = ${usdString(`${name}. ${licenceNote(provenance)}`)}\n` +
    `    metersPerUnit = 1\n    upAxis = "Y"\n)\n\n`
  );
}
