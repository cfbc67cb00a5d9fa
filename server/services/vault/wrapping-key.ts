import { createHash, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** What API_ENCRYPTION_KEY and API_ENCRYPTION_SALT say. */
export interface EncryptionSecret {
  key: string;
  salt: string;
}

/** The key that data keys are wrapped with; `id` tells it from others and says nothing about it. */
export interface WrappingKey {
  id: string;
  key: KeyObject;
}

const PURPOSE = "photo-to-3d wrapping key v1";
const KEY_BYTES = 32;
const ID_CHARACTERS = 16;

/**
 * HKDF-SHA-256 (RFC 5869). The setting is a random secret of at least 32 characters, weak ones are refused at the
 * start: stretching one (scrypt) would add nothing but time. The salt keeps two servers with the same key apart.
 */
export function deriveWrappingKey({ key, salt }: EncryptionSecret): WrappingKey {
  const bytes = Buffer.from(hkdfSync("sha256", key, salt, PURPOSE, KEY_BYTES));
  const id = createHash("sha256").update("id").update(bytes).digest("hex").slice(0, ID_CHARACTERS);
  return { id, key: createSecretKey(bytes) };
}
