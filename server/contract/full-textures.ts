/**
 * Where the pictures of `model.glb` lie that `preview.glb` has smaller ones of; `asset.extras.fullTextures` of
 * `preview.glb`. Both files have the same images in the same order, so that one range of bytes of `model.glb` is enough
 * to give a model that was drawn with small textures its full ones.
 */
export interface FullTextures {
  /** Of the `model.glb` that is meant, lower-case hex. */
  sha256: string;
  images: {
    /** Index in `images`. */
    index: number;
    /** From the beginning of the file. */
    byteOffset: number;
    byteLength: number;
    mimeType: string;
  }[];
}
