import { Accessor, type Document } from "@gltf-transform/core";
import { sortPrimitiveWeights } from "@gltf-transform/functions";

const UP = [0, 1, 0];

/** Gives the first three numbers of each element unit length, and a fourth the size 1. */
function makeUnit(accessor: Accessor): void {
  const array = accessor.getArray();
  if (!array || accessor.getComponentType() !== Accessor.ComponentType.FLOAT) return;
  const size = accessor.getElementSize();
  for (let at = 0; at + size <= array.length; at += size) {
    const length = Math.hypot(array[at], array[at + 1], array[at + 2]);
    for (let axis = 0; axis < 3; axis++) array[at + axis] = length > 0 ? array[at + axis] / length : UP[axis];
    if (size === 4) array[at + 3] = array[at + 3] < 0 ? -1 : 1;
  }
  accessor.setArray(array);
}

/** Mends what generators often leave: normals and tangents of other than unit length, joint weights that do not add up to 1. */
export function mendVectors(document: Document): void {
  const directions = new Set<Accessor>();
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      for (const name of ["NORMAL", "TANGENT"]) {
        const accessor = primitive.getAttribute(name);
        if (accessor) directions.add(accessor);
      }
      if (primitive.getAttribute("WEIGHTS_0")) sortPrimitiveWeights(primitive, Infinity);
    }
  }
  for (const accessor of directions) makeUnit(accessor);
}
