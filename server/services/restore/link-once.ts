import { link, mkdir } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "../../storage/durable-file.ts";
import { hasCode } from "../../system-errors.ts";

/** What file systems without hard links answer. */
const UNABLE = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"];

/**
 * Gives a file a second name where nobody has that name yet; of several processes one does. `absent`: there is no such
 * file; `unable`: the file system has no hard links.
 */
export async function linkOnce(from: string, to: string): Promise<"made" | "taken" | "absent" | "unable"> {
  await mkdir(path.dirname(to), { recursive: true });
  try {
    await link(from, to);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return "taken";
    if (hasCode(error, "ENOENT")) return "absent";
    if (hasCode(error, ...UNABLE)) return "unable";
    throw error;
  }
  await syncFolder(path.dirname(to));
  return "made";
}
