const FLUSH_CHARACTERS = 1 << 16;

/** Collects text as UTF-8 piece by piece, so that it may grow beyond what a string can hold. */
export class TextWriter {
  readonly #pieces: Buffer[] = [];
  #text = "";

  add(text: string): void {
    this.#text += text;
    if (this.#text.length > FLUSH_CHARACTERS) this.#flush();
  }

  #flush(): void {
    this.#pieces.push(Buffer.from(this.#text));
    this.#text = "";
  }

  toBytes(): Buffer {
    this.#flush();
    return Buffer.concat(this.#pieces);
  }
}
