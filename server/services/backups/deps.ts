import type { ManifestSigner } from "../../backup/signature.ts";
import type { BackupTarget } from "../../backup/target.ts";
import type { OperationsConfig } from "../../operations-config.ts";
import type { Storage } from "../../storage/storage.ts";
import type { RunDeps } from "./exclusive-run.ts";

export interface BackupDeps extends RunDeps {
  storage: Storage;
  target: BackupTarget;
  signer: ManifestSigner;
  /** Of the product. */
  version: string;
  config: Pick<OperationsConfig["backup"], "ageRecipient" | "bytesPerSecond" | "retentionDays">;
}
