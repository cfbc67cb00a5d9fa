import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";

/** Tells the backups of whoever holds a secret from those that anybody else could have put into the same place. */
export interface ManifestSigner {
  /** What is stored as `manifest.sig`, for the exact text of a manifest. */
  sign(text: string): string;
  isOwn(text: string, signature: string): boolean;
}

/** HMAC-SHA-256 (RFC 2104) with the first key, as 64 hexadecimal digits and a line feed; that of any key is accepted. */
export function createManifestSigner(keys: readonly [KeyObject, ...KeyObject[]]): ManifestSigner {
  const signWith = (key: KeyObject, text: string) =>
    `${createHmac("sha256", key).update(text).digest("hex")}\n`;
  return {
    sign: (text) => signWith(keys[0], text),
    isOwn: (text, signature) => keys.some((key) => isEqual(signWith(key, text), signature)),
  };
}

function isEqual(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
