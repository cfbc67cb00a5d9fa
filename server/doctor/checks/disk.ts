import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { type Check, type Finding, ok, problem, warning } from "../check.ts";
import { inMebibytes } from "../mebibytes.ts";

const LITTLE_BYTES = 512 * 1024 ** 2;
/** Of the files that the disk can have. */
const FEW_FILES = 0.02;

/** The folders beside the store: whether what is written there stays, and how much more fits. */
export const disk: Check = {
  name: "disk",
  async run({ config }) {
    const folders = { DATA_DIR: config.dataFolder, ...(config.log.folder && { LOG_DIR: config.log.folder }) };
    const found = await Promise.all(
      Object.entries(folders).map(([name, folder]) => checkFolder(name, folder)),
    );
    return found.flat();
  },
};

async function checkFolder(setting: string, folder: string): Promise<Finding[]> {
  try {
    await tryOut(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const cure = `Let the product's account write there, or set ${setting} to another folder.`;
    return [problem(`${folder} (${setting}) can't be written: ${why}`, cure)];
  }
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const free = bavail * bsize;
  const found: Finding[] = [];
  const cure = `Free some space, or set ${setting} to a larger disk.`;
  if (free < LITTLE_BYTES)
    found.push(warning(`Only ${inMebibytes(free)} are free in ${folder} (${setting}).`, cure));
  // Some file systems have no such bound and say zero.
  if (files > 0 && ffree < files * FEW_FILES) {
    found.push(warning(`The disk of ${folder} (${setting}) can have only ${ffree} more files.`, cure));
  }
  return found.length > 0
    ? found
    : [ok(`${folder} (${setting}) can be written; ${inMebibytes(free)} are free.`)];
}

/** Writes, brings to the disk, renames and removes, as the product does with what must last. */
async function tryOut(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [made, named] = [1, 2].map(() => path.join(folder, `.check-${randomUUID()}`));
  try {
    const file = await open(made, "wx");
    try {
      await file.writeFile("check");
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(made, named);
  } finally {
    await Promise.all([made, named].map((name) => rm(name, { force: true })));
  }
}
