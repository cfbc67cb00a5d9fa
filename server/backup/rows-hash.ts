import { hash } from "node:crypto";

const WORDS = 16;
const NEWLINE = 0x0a;

/**
 * Counts rows in COPY's text format (https://www.postgresql.org/docs/current/sql-copy.html), where a line feed ends a
 * row and nothing else, and adds up the SHA-256 of each modulo 2^256: the same rows give the same sum in any order.
 */
export class RowsHash {
  rows = 0;
  /** 16 bits each; a double holds the sum of 2^37 rows exactly. */
  readonly #words = new Float64Array(WORDS);

  /** One row, without the line feed. */
  add(line: Uint8Array): void {
    const digest = hash("sha256", line, "buffer");
    for (let word = 0; word < WORDS; word++) this.#words[word] += digest.readUInt16BE(2 * word);
    this.rows++;
  }

  /** 64 hexadecimal digits. */
  sum(): string {
    const digits: string[] = [];
    let carry = 0;
    for (let word = WORDS - 1; word >= 0; word--) {
      const total = this.#words[word] + carry;
      digits.unshift((total % 0x10000).toString(16).padStart(4, "0"));
      carry = Math.floor(total / 0x10000);
    }
    return digits.join("");
  }
}

/** Cuts chunks into lines and keeps what is left over for the next chunk. */
export class LineSplitter {
  #rest: Buffer[] = [];

  /** Calls `take` with every line that ends in this chunk, without its line feed, and where it ends in the chunk. */
  push(chunk: Buffer, take: (line: Buffer, end: number) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      start = end + 1;
      take(this.#rest.length === 0 ? piece : Buffer.concat([...this.#rest.splice(0), piece]), start);
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
  }

  get isEmpty(): boolean {
    return this.#rest.length === 0;
  }
}
