import { type Group, type Material, Mesh } from "three";

/** The same meshes with another material; geometry stays the model's, so that nobody disposes of it here. */
export function dressed(object: Group, choose: (mesh: Mesh) => Material): Group {
  const copy = object.clone(true);
  copy.visible = true;
  copy.traverse((node) => {
    if (node instanceof Mesh) node.material = choose(node);
  });
  return copy;
}
