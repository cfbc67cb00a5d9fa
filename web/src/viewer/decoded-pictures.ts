import { Texture } from "three";
import type { GLTFLoaderPlugin, GLTFParser } from "three/addons/loaders/GLTFLoader.js";

/** Where three's loader keeps the textures that it has begun to make, by the index of the picture. */
type Cache = { sourceCache: Record<number, Promise<Texture>> };

/**
 * Gives three's loader pictures that were decoded before; it would begin only after it has read the rest.
 * @param sources is filled: what all textures of a picture share, by the index of the picture
 */
export function decodedPictures(
  parser: GLTFParser,
  pictures: ReadonlyMap<number, Promise<ImageBitmap>>,
  sources: Map<number, Texture["source"]>,
): GLTFLoaderPlugin {
  const { sourceCache } = parser as unknown as Cache;
  for (const [index, picture] of pictures) {
    const texture = picture.then((bitmap) => {
      const made = new Texture(bitmap);
      sources.set(index, made.source);
      return made;
    });
    texture.catch(() => undefined);
    sourceCache[index] = texture;
  }
  return { name: "decoded-pictures" };
}
