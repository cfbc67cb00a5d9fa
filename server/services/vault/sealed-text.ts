import type { Sealed } from "./vault.ts";

const BEGINNING = "sealed:v1:";

/** What every text begins with that is under a key. */
export const sealedBeginning = (wrappingKeyId: string): string => `${BEGINNING}${wrappingKeyId}:`;

/** A sealed secret as one text, for a column that held it in clear. */
export const toText = ({ wrappingKeyId, wrappedKey, sealed }: Sealed): string =>
  sealedBeginning(wrappingKeyId) + [wrappedKey.toString("base64url"), sealed.toString("base64url")].join(":");

/** Null for a text that is in clear. */
export function fromText(text: string): Sealed | null {
  if (!text.startsWith(BEGINNING)) return null;
  const [wrappingKeyId = "", wrappedKey = "", sealed = ""] = text.slice(BEGINNING.length).split(":");
  return {
    wrappingKeyId,
    wrappedKey: Buffer.from(wrappedKey, "base64url"),
    sealed: Buffer.from(sealed, "base64url"),
  };
}
