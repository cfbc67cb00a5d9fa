declare module "draco3dgltf" {
  /** The Draco library's decoder for glTF; its type is glTF-Transform's business. */
  const draco: { createDecoderModule(): Promise<unknown>; createEncoderModule(): Promise<unknown> };
  export default draco;
}
