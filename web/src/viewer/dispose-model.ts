import { type BufferGeometry, type Material, type Object3D, Texture } from "three";

type Drawable = Object3D & { geometry?: BufferGeometry; material?: Material | Material[] };

const texturesOf = (material: Material): Texture[] =>
  Object.values(material).filter((value) => value instanceof Texture);

const closePicture = (image: unknown) => {
  if (typeof ImageBitmap !== "undefined" && image instanceof ImageBitmap) image.close();
};

function partsOf(root: Object3D) {
  const geometries = new Set<BufferGeometry>();
  const materials = new Set<Material>();
  root.traverse((node: Drawable) => {
    if (node.geometry) geometries.add(node.geometry);
    for (const material of [node.material ?? []].flat()) materials.add(material);
  });
  return { geometries, materials, textures: new Set([...materials].flatMap(texturesOf)) };
}

/** Frees the video memory and the decoded pictures of a model that nobody else holds. */
export function disposeModel(root: Object3D): void {
  const { geometries, materials, textures } = partsOf(root);
  for (const part of [...geometries, ...materials, ...textures]) part.dispose();
  for (const { source } of textures) closePicture(source.data);
}

/**
 * Puts other pictures, of any size, in the place of some of a model's, and frees those. The graphics card gets them when
 * the model is drawn next.
 * @param pictures by what the textures of each have in common
 */
export function replacePictures(root: Object3D, pictures: ReadonlyMap<Texture["source"], ImageBitmap>): void {
  const replaced = [...partsOf(root).textures].filter(({ source }) => pictures.has(source));
  for (const texture of replaced) texture.dispose();
  for (const [source, picture] of pictures) {
    closePicture(source.data);
    source.data = picture;
  }
  for (const texture of replaced) texture.needsUpdate = true;
}
