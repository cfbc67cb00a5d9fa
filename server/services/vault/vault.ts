import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { KeptSecrets } from "../kept-secrets.ts";
import { decrypt, encrypt, newDataKey, secretKey } from "./cipher.ts";
import { deriveWrappingKey, type EncryptionSecret } from "./wrapping-key.ts";

/** A secret under a data key of its own, and that one under the server's, which `wrappingKeyId` names. */
export interface Sealed {
  wrappingKeyId: string;
  wrappedKey: Buffer;
  sealed: Buffer;
}

/**
 * Keeps other people's secrets for the database. `context` names the one place where a secret belongs (such as user,
 * row and version): moved elsewhere it does not open.
 */
export interface Vault {
  /** Of the key that new secrets go under. */
  readonly keyId: string;
  /** Of every key that opens something here. */
  readonly knownIds: readonly string[];
  seal(secret: string, context: string): Sealed;
  /** Throws `encryption-key-changed` where it was sealed under a key that the settings don't have (any more). */
  open(sealed: Sealed, context: string): string;
  /** The same secret with its data key under the present key; null where it is there already. Throws as `open`. */
  rewrap(sealed: Sealed, context: string): Sealed | null;
}

/** The arguments of `createVault` by the settings; a salt that a rotation leaves as it is need not be given twice. */
export const encryptionOf = (
  { formerEncryption }: Pick<Config, "formerEncryption">,
  { encryptionKey: key, encryptionSalt: salt }: Pick<KeptSecrets, "encryptionKey" | "encryptionSalt">,
): [EncryptionSecret, EncryptionSecret | null] => [
  { key, salt },
  formerEncryption && { key: formerEncryption.key, salt: formerEncryption.salt ?? salt },
];

/** `former` is accepted besides `current` until all that is under it was re-wrapped. */
export function createVault(current: EncryptionSecret, former: EncryptionSecret | null = null): Vault {
  const newest = deriveWrappingKey(current);
  const keys = new Map(
    [...(former ? [deriveWrappingKey(former)] : []), newest].map(({ id, key }) => [id, key]),
  );

  function unwrap({ wrappingKeyId, wrappedKey }: Sealed, context: string): Buffer {
    const key = keys.get(wrappingKeyId);
    if (!key) throw new AppError("encryption-key-changed");
    try {
      return decrypt(key, wrappedKey, context);
    } catch (cause) {
      throw new AppError("encryption-key-changed", { cause });
    }
  }

  return {
    keyId: newest.id,
    knownIds: [...keys.keys()],
    seal(secret, context) {
      const dataKey = newDataKey();
      return {
        wrappingKeyId: newest.id,
        wrappedKey: encrypt(newest.key, dataKey, context),
        sealed: encrypt(secretKey(dataKey), Buffer.from(secret), context),
      };
    },
    open(sealed, context) {
      const dataKey = unwrap(sealed, context);
      return decrypt(secretKey(dataKey), sealed.sealed, context).toString();
    },
    rewrap(sealed, context) {
      if (sealed.wrappingKeyId === newest.id) return null;
      const wrappedKey = encrypt(newest.key, unwrap(sealed, context), context);
      return { ...sealed, wrappingKeyId: newest.id, wrappedKey };
    },
  };
}
