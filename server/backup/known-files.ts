import { contentKey } from "./layout.ts";
import type { FileEntry } from "./manifest.ts";

/** Entries of a former list by key in the store, as short strings: there may be hundreds of thousands. */
export class KnownFiles {
  readonly #recipient: string | null;
  readonly #facts = new Map<string, string>();

  /** For lists of backups to this key of age, or to none. */
  constructor(recipient: string | null) {
    this.#recipient = recipient;
  }

  add({ key, bytes, modifiedMs, sha256, stored }: FileEntry): void {
    const facts = [bytes, modifiedMs, sha256];
    if (this.#recipient !== null) facts.push(stored.bytes, stored.sha256);
    this.#facts.set(key, facts.join(" "));
  }

  get(key: string): FileEntry | null {
    const facts = this.#facts.get(key)?.split(" ");
    if (!facts) return null;
    const [bytes, modifiedMs, sha256, storedBytes = bytes, storedSha256 = sha256] = facts;
    return {
      key,
      bytes: Number(bytes),
      modifiedMs: Number(modifiedMs),
      sha256,
      stored: {
        key: contentKey(this.#recipient, sha256),
        bytes: Number(storedBytes),
        sha256: storedSha256,
      },
    };
  }
}
