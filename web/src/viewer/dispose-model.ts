import { type BufferGeometry, type Material, type Object3D, Texture } from "three";

type Drawable = Object3D & { geometry?: BufferGeometry; material?: Material | Material[] };

function texturesOf(material: Material): Texture[] {
  return Object.values(material).filter((value) => value instanceof Texture);
}

/** Frees the video memory and the decoded pictures of a model that nobody else holds. */
export function disposeModel(root: Object3D): void {
  const textures = new Set<Texture>();
  root.traverse((node: Drawable) => {
    node.geometry?.dispose();
    for (const material of [node.material ?? []].flat()) {
      for (const texture of texturesOf(material)) textures.add(texture);
      material.dispose();
    }
  });
  for (const texture of textures) {
    const image: unknown = texture.source.data;
    texture.dispose();
    if (typeof ImageBitmap !== "undefined" && image instanceof ImageBitmap) image.close();
  }
}
