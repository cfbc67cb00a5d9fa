import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { openRestoreFiles } from "../../server/services/restore/open-restore-files.ts";
import { restoreFilesContract } from "../contracts/restore-files.ts";
import { startS3Server } from "../support/backup/s3-server.ts";
import { bucketPlace, folderPlace } from "../support/restore/file-places.ts";

const parts = new AsyncDisposableStack();
after(() => parts.disposeAsync());

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-restored-files-"));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

restoreFilesContract("a folder", async () => {
  const place = folderPlace(await makeFolder());
  return { files: await openRestoreFiles(place.store), place };
});

restoreFilesContract("a bucket", async () => {
  const server = parts.adopt(await startS3Server(), (part) => part.close());
  const place = bucketPlace(server, await makeFolder());
  return { files: await openRestoreFiles(place.store), place };
});
