import type { Accessor, Document } from "@gltf-transform/core";

/**
 * Gives every kind of attribute accessors of its own. Equal ones are shared when a document is tidied, such as the
 * positions and normals of a ball of radius 1; what is then done to the one must not happen to the other.
 */
export function separateAttributes(document: Document): void {
  const owners = new Map<Accessor, string>();
  const copies = new Map<string, Map<Accessor, Accessor>>();
  const ownOf = (accessor: Accessor, semantic: string): Accessor => {
    const owner = owners.get(accessor) ?? semantic;
    owners.set(accessor, owner);
    if (owner === semantic) return accessor;
    const known = copies.get(semantic) ?? new Map<Accessor, Accessor>();
    copies.set(semantic, known);
    const copy = known.get(accessor) ?? accessor.clone();
    known.set(accessor, copy);
    return copy;
  };
  for (const primitive of document
    .getRoot()
    .listMeshes()
    .flatMap((mesh) => mesh.listPrimitives())) {
    for (const [prefix, part] of [
      ["", primitive] as const,
      ...primitive.listTargets().map((target) => ["target ", target] as const),
    ]) {
      for (const semantic of part.listSemantics()) {
        const accessor = part.getAttribute(semantic)!;
        const own = ownOf(accessor, prefix + semantic);
        if (own !== accessor) part.setAttribute(semantic, own);
      }
    }
  }
}
