import type { Document } from "@gltf-transform/core";
import { dequantize, uninstance } from "@gltf-transform/functions";
import { mainScene, writeGlb } from "../glb-document.ts";
import { GENERATOR, licenceNote, type Provenance, provenanceEntries } from "./provenance.ts";

/** Does the work of required extensions in the document itself, so that nobody has to know them. */
export async function spellOut(document: Document): Promise<void> {
  const extensions = document.getRoot().listExtensionsUsed();
  const uses = (name: string) => extensions.some(({ extensionName }) => extensionName === name);
  if (uses("EXT_mesh_gpu_instancing")) await document.transform(uninstance());
  if (uses("KHR_mesh_quantization")) await document.transform(dequantize());
  for (const extension of document.getRoot().listExtensionsUsed()) extension.setRequired(false);
}

/** A GLB with its name and where it came from in `asset`. Call `spellOut` before; pictures are PNG or JPEG. */
export function writePlainGlb(
  document: Document,
  { name, provenance }: { name: string; provenance: Provenance },
): Promise<Uint8Array> {
  mainScene(document).setName(name);
  const asset = document.getRoot().getAsset();
  asset.generator = GENERATOR;
  asset.copyright ??= licenceNote(provenance);
  asset.extras = {
    ...(asset.extras as object | undefined),
    name,
    ...Object.fromEntries(provenanceEntries(provenance)),
  };
  return writeGlb(document);
}
