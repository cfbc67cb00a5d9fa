import { createFolderTarget } from "../../../server/backup/folder-target.ts";
import { SERVER } from "../../../server/services/audit.ts";
import { beginRestore } from "../../../server/services/restore/run-restore.ts";

// A restore in a process of its own, which dies at a point of it: node dying-restore.ts URL UPLOADS BACKUPS NAME POINT
const [url, uploads, backups, filename, point] = process.argv.slice(2);
const silent = { error() {}, warn() {}, info() {}, debug() {} };
const { done } = await beginRestore(
  {
    url,
    uploads,
    target: createFolderTarget(backups),
    freeProviders: ["local"],
    logger: silent as never,
    stopping: new AbortController().signal,
    atStep(name) {
      if (name === point) process.kill(process.pid, "SIGKILL");
    },
  },
  { filename, by: SERVER },
);
await done;
