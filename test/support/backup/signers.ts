import { createSecretKey, randomBytes } from "node:crypto";
import { createManifestSigner } from "../../../server/backup/signature.ts";

/** That of installations without a server, also in processes of their own. */
export const TEST_SIGNER = createManifestSigner([createSecretKey(Buffer.alloc(32, "ours"))]);

/** Of another installation, which nobody else knows. */
export const anotherSigner = () => createManifestSigner([createSecretKey(randomBytes(32))]);
