import { statfs } from "node:fs/promises";
import { createDiskStorage } from "../../storage/disk.ts";
import { type Check, ok, problem, warning } from "../check.ts";
import { inMebibytes } from "../mebibytes.ts";

/** With less than so many times the reserve it is time to do something. */
const SOON = 4;

/** Whether files can be written, and for how long yet. */
export const storage: Check = {
  name: "storage",
  async run({ config }) {
    const { folder } = config.uploads;
    try {
      await createDiskStorage({ root: folder }).check();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const cure = "Let the product's account write there, or set UPLOAD_DIR to another folder.";
      return [problem(`${folder} can't be written: ${why}`, cure)];
    }
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const reserve = config.quotas.diskReserveBytes;
    const cure = "Free some space, or set UPLOAD_DIR to a larger disk.";
    if (free <= reserve) {
      const message = `Only ${inMebibytes(free)} are free, less than DISK_RESERVE_BYTES: nothing more is stored.`;
      return [problem(message, cure)];
    }
    if (free < reserve * SOON) return [warning(`Only ${inMebibytes(free)} are free.`, cure)];
    return [ok(`${folder} can be written; ${inMebibytes(free)} are free.`)];
  },
};
