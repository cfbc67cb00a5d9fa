import type { ManifestSigner } from "../../backup/signature.ts";
import type { BackupTarget } from "../../backup/target.ts";
import type { Logger } from "../../logger.ts";
import type { Actor } from "../audit.ts";
import type { RestoreFiles } from "./restore-files.ts";

export interface RestoreDeps {
  /** The database. */
  url: string;
  files: RestoreFiles;
  target: BackupTarget;
  signer: ManifestSigner;
  /** Providers whose work costs nothing. */
  freeProviders: string[];
  logger: Logger;
  /** Aborts when the process stops. */
  stopping: AbortSignal;
  /** Told before each step that a kill may follow. */
  atStep?: (name: RestorePoint) => void | Promise<void>;
}

/** Moments of a restore at which nothing is half done in the database. */
export type RestorePoint =
  | "checked"
  | "drained"
  | "loaded"
  | "brought-in"
  | "noted"
  | "placed"
  | "swapped"
  | "replaced";

export interface RestoreOrder {
  filename: string;
  /** Secret key of age. */
  identity?: string;
  /** Whether a backup that this installation has not signed will do. */
  foreign?: boolean;
  by: Actor;
}
