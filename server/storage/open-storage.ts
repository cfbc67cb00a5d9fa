import type { StoreConfig } from "../store-config.ts";
import { createDiskStorage } from "./disk.ts";
import type { Storage } from "./storage.ts";

/** The store that the settings name. A bucket's client is loaded only where there is a bucket. */
export async function openStorage(store: StoreConfig): Promise<Storage> {
  if (store.kind === "folder") return createDiskStorage({ root: store.folder });
  const { createS3Storage } = await import("./s3.ts");
  return createS3Storage(store);
}
