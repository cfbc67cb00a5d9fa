import type { Document } from "@gltf-transform/core";
import { EXTMeshoptCompression, KHRMeshQuantization } from "@gltf-transform/extensions";
import { quantize, reorder } from "@gltf-transform/functions";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import { type Box, bakePlacement } from "../true-size.ts";
import { boundingBox, readWorldParts } from "../world-mesh.ts";

/** Fewer save nothing: glTF-Transform spreads them over the same two bytes. */
const POSITION_BITS = 16;
const UV_BITS = 16;
const MATRIX_SIZE = 16;
/** Linear light in vertex colours: with 8 bits dark tones show steps. */
const COLOUR_BITS = 12;
/** A sheet thinner than this share of its length would lie on too few steps of the grid. */
const MIN_THICKNESS_SHARE = 1 / 4000;
/** What the octahedral filter packs by itself must not be quantised before. */
const QUANTISED = /^(POSITION|TEXCOORD|JOINTS|WEIGHTS|COLOR)(_\d+)?$/;
const QUANTISED_WITHOUT_POSITION = /^(TEXCOORD|JOINTS|WEIGHTS|COLOR)(_\d+)?$/;
const QUANTISED_TARGETS = /^(POSITION|NORMAL|TANGENT|COLOR)(_\d+)?$/;

const extentsOf = ({ min, max }: Box) => max.map((value, axis) => value - min[axis]);

function canQuantisePositions(document: Document, box: Box): boolean {
  const extents = extentsOf(box);
  const longest = Math.max(...extents);
  if (extents.some((extent) => extent > 0 && extent < longest * MIN_THICKNESS_SHARE)) return false;
  return document
    .getRoot()
    .listMeshes()
    .every((mesh) =>
      mesh.listPrimitives().some((primitive) => {
        const position = primitive.getAttribute("POSITION");
        const min = position?.getMinNormalized([]) ?? [];
        return position?.getMaxNormalized([]).some((value, axis) => value > min[axis]) ?? false;
      }),
    );
}

/** Skins may leave out matrices that are all identities; those are what positions on a grid are scaled back by. */
function spellOutSkins(document: Document): void {
  for (const skin of document.getRoot().listSkins()) {
    if (skin.getInverseBindMatrices()) continue;
    const matrices = new Float32Array(skin.listJoints().length * MATRIX_SIZE);
    for (let at = 0; at < matrices.length; at++) matrices[at] = (at % MATRIX_SIZE) % 5 === 0 ? 1 : 0;
    const [buffer] = document.getRoot().listBuffers();
    skin.setInverseBindMatrices(
      document.createAccessor().setType("MAT4").setArray(matrices).setBuffer(buffer),
    );
  }
}

/** Stretches what rounding or simplifying took a little of back to the box it had. */
export function restoreExtents(document: Document, box: Box): void {
  const actual = boundingBox(readWorldParts(document));
  const was = extentsOf(actual);
  const scale = extentsOf(box).map((extent, axis) => (was[axis] > 0 && extent > 0 ? extent / was[axis] : 1));
  const offset = scale.map((value, axis) => box.min[axis] - actual.min[axis] * value);
  bakePlacement(document, {
    scale: [scale[0], scale[1], scale[2]],
    offset: [offset[0], offset[1], offset[2]],
  });
}

/**
 * Orders vertices for size, puts them on a grid (KHR_mesh_quantization) and asks for meshopt compression
 * (EXT_meshopt_compression), which happens when the document is written.
 * @param box where the model stands, metres; its extents stay exact
 * @returns the step of the grid of positions in metres; 0 where they stay as they are
 */
export async function packGeometry(document: Document, box: Box): Promise<number> {
  await MeshoptEncoder.ready;
  const onGrid = canQuantisePositions(document, box);
  if (onGrid) spellOutSkins(document);
  await document.transform(
    reorder({ encoder: MeshoptEncoder, target: "size" }),
    quantize({
      pattern: onGrid ? QUANTISED : QUANTISED_WITHOUT_POSITION,
      patternTargets: QUANTISED_TARGETS,
      quantizePosition: POSITION_BITS,
      quantizeTexcoord: UV_BITS,
      quantizeColor: COLOUR_BITS,
      quantizeNormal: 8,
    }),
  );
  if (onGrid) restoreExtents(document, box);
  // The filter makes bytes of normals even where everything else stays as it is.
  document.createExtension(KHRMeshQuantization).setRequired(true);
  document
    .createExtension(EXTMeshoptCompression)
    .setRequired(true)
    .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.FILTER });
  return onGrid ? Math.max(...extentsOf(box)) / 2 ** POSITION_BITS : 0;
}
