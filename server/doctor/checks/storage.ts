import { statfs } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import { openStorage } from "../../storage/open-storage.ts";
import type { StoreConfig } from "../../store-config.ts";
import { type Check, type Finding, ok, problem, warning } from "../check.ts";
import { inMebibytes } from "../mebibytes.ts";

/** With less than so many times the reserve it is time to do something. */
const SOON = 4;

/** How a place of files is called, and what to do where it can't be used. */
const describe = (store: StoreConfig) =>
  store.kind === "folder"
    ? {
        name: store.folder,
        disk: "",
        cure: "Let the product's account write there, or set UPLOAD_DIR to another folder.",
      }
    : {
        name: `s3://${store.bucket}/${store.prefix}`,
        disk: " on this machine for work in progress",
        cure: "Do what it says, or check S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_PATH_STYLE and the S3 keys.",
      };

/** Whether files can be written, and for how long yet. */
export const storage: Check = {
  name: "storage",
  async run({ config }) {
    const { store, uploads } = config;
    const place = describe(store);
    try {
      await (await openStorage(store)).check();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const told = error instanceof AppError ? error.operatorDetail.en : why;
      return [problem(`${place.name} can't be written: ${told}`, place.cure)];
    }
    const { bavail, bsize } = await statfs(uploads.folder);
    return room(place, { free: bavail * bsize, reserve: config.quotas.diskReserveBytes });
  },
};

function room(
  { name, disk }: ReturnType<typeof describe>,
  { free, reserve }: { free: number; reserve: number },
): Finding[] {
  const left = `${inMebibytes(free)} are free${disk}`;
  const cure = "Free some space, or set UPLOAD_DIR to a larger disk.";
  if (free <= reserve) {
    return [problem(`Only ${left}, less than DISK_RESERVE_BYTES: nothing more is stored.`, cure)];
  }
  if (free < reserve * SOON) return [warning(`Only ${left}.`, cure)];
  return [ok(`${name} can be written; ${left}.`)];
}
