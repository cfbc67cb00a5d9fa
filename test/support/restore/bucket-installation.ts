import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { RestorePoint } from "../../../server/services/restore/deps.ts";
import { type S3Request, startS3Server } from "../backup/s3-server.ts";
import { until } from "../until.ts";
import { bucketPlace } from "./file-places.ts";
import { withBackup } from "./outcomes.ts";
import { restoreApart, untilKilledAt } from "./restore-apart.ts";
import { makeSmallInstallation } from "./small-installation.ts";

/** A small installation whose files lie in a bucket of its own, with a backup and changes since. */
export async function makeBucketInstallation() {
  await using stack = new AsyncDisposableStack();
  const server = stack.adopt(await startS3Server(), (part) => part.close());
  const scratch = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-restore-bucket-"));
  stack.defer(() => rm(scratch, { recursive: true, force: true }));
  const there = stack.use(await makeSmallInstallation(undefined, bucketPlace(server, scratch)));
  const backup = await withBackup(there);
  const parts = stack.move();
  return {
    server,
    there,
    backup,
    /** Restores the backup in a process of its own, which gets a signal at a point. */
    restoreApart: (point: RestorePoint | "never", signal?: NodeJS.Signals) =>
      restoreApart(there, backup.filename, point, signal),
    killedAt: (point: RestorePoint) => untilKilledAt(there, backup.filename, point),
    /** Settles what is left; a killed process's connections may take a moment to end, and its lock goes with them. */
    recover: () => until("nobody is at the restore any more", () => there.recover()),
    dispose: () => parts.disposeAsync(),
  };
}
export type BucketInstallation = Awaited<ReturnType<typeof makeBucketInstallation>>;

/** Whether the service is asked to copy something to this key of the store, or to one that ends so where it is hidden. */
export const isCopyTo = ({ method, headers, key }: S3Request, wanted: string): boolean =>
  method === "PUT" &&
  "x-amz-copy-source" in headers &&
  (key === `ours/${wanted}` ||
    (key.startsWith("ours/.restore/") && wanted.startsWith("/") && key.endsWith(wanted)));
