declare module "heic-decode" {
  /** RGBA, 8 bits per channel. */
  interface DecodedPicture {
    width: number;
    height: number;
    data: Uint8ClampedArray;
  }
  interface Picture {
    width: number;
    height: number;
    decode(): Promise<DecodedPicture>;
  }
  type Pictures = Picture[] & { dispose(): void };

  function decode(input: { buffer: Uint8Array }): Promise<DecodedPicture>;
  namespace decode {
    /** Reads the container only; each picture is decoded when asked for. */
    function all(input: { buffer: Uint8Array }): Promise<Pictures>;
  }
  export default decode;
}
