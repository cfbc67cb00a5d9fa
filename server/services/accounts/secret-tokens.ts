import { createHmac, randomBytes } from "node:crypto";

/** Opaque tokens of 256 bits: refresh tokens, invitations and links that do one thing once. */
export interface SecretTokens {
  create(): { token: string; hash: Buffer };
  /** What is kept of a token: HMAC-SHA-256 under the server's secret, 32 bytes. */
  hash(token: string): Buffer;
}

export function createSecretTokens(secret: string): SecretTokens {
  const hash = (token: string) => createHmac("sha256", secret).update(token).digest();
  return {
    hash,
    create() {
      const token = randomBytes(32).toString("base64url");
      return { token, hash: hash(token) };
    },
  };
}
