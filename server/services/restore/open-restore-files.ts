import type { StoreConfig } from "../../store-config.ts";
import { createDiskRestoreFiles } from "./disk-files.ts";
import type { RestoreFiles } from "./restore-files.ts";

/** Restoring into the store that the settings name. A bucket's client is loaded only where there is a bucket. */
export async function openRestoreFiles(store: StoreConfig): Promise<RestoreFiles> {
  if (store.kind === "folder") return createDiskRestoreFiles(store.folder);
  const [{ createS3Storage, openStoreBucket }, { createBucketRestoreFiles }] = await Promise.all([
    import("../../storage/s3.ts"),
    import("./bucket-files.ts"),
  ]);
  return createBucketRestoreFiles({ bucket: openStoreBucket(store), storage: createS3Storage(store) });
}
