import type { StoreConfig } from "../../store-config.ts";
import { createDiskRestoreFiles } from "./disk-files.ts";
import type { RestoreFiles } from "./restore-files.ts";

/** Restoring into the store that the settings name. */
export async function openRestoreFiles(store: StoreConfig): Promise<RestoreFiles> {
  if (store.kind === "folder") return createDiskRestoreFiles(store.folder);
  throw new Error("Files in a bucket can't be restored yet.");
}
