import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { createManifestSigner, type ManifestSigner } from "../../backup/signature.ts";
import type { Config } from "../../config.ts";
import { completeSecrets, type KeptSecrets } from "../kept-secrets.ts";
import { encryptionOf } from "../vault/vault.ts";
import type { EncryptionSecret } from "../vault/wrapping-key.ts";

const PURPOSE = "photo-to-3d backup signature v1";
const KEY_BYTES = 32;

/** HKDF-SHA-256 (RFC 5869), as the wrapping key is made, for another purpose. */
const deriveKey = ({ key, salt }: EncryptionSecret): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync("sha256", key, salt, PURPOSE, KEY_BYTES)));

/** Signs with the present secret; what was signed before a rotation is this installation's too. */
export function signerOf(
  config: Pick<Config, "formerEncryption">,
  secrets: Pick<KeptSecrets, "encryptionKey" | "encryptionSalt">,
): ManifestSigner {
  const [current, former] = encryptionOf(config, secrets);
  return createManifestSigner([deriveKey(current), ...(former ? [deriveKey(former)] : [])]);
}

/** For command-line tools; the same secrets as the server's. */
export const readSigner = async (config: Config): Promise<ManifestSigner> =>
  signerOf(config, await completeSecrets(config.secrets, config.dataFolder));
