import type { OperationsConfig } from "../operations-config.ts";
import { createFolderTarget } from "./folder-target.ts";
import type { BackupTarget } from "./target.ts";

/** The place that the settings name. A bucket's client is loaded only where there is a bucket. */
export async function openTarget(place: OperationsConfig["backup"]["target"]): Promise<BackupTarget> {
  if (place.kind === "folder") return createFolderTarget(place.folder);
  const { createS3Target } = await import("./s3-target.ts");
  return createS3Target(place);
}
