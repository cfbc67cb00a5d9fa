import { writeSync } from "node:fs";
import { createFolderTarget } from "../../../server/backup/folder-target.ts";
import { AppError } from "../../../server/errors.ts";
import { SERVER } from "../../../server/services/audit.ts";
import { openRestoreFiles } from "../../../server/services/restore/open-restore-files.ts";
import { beginRestore } from "../../../server/services/restore/run-restore.ts";
import { TEST_SIGNER } from "../backup/signers.ts";
import { REFUSED } from "./dying-exit.ts";

// A restore in a process of its own, which tells each point of it and dies, or gets another signal, at one:
// node dying-restore.ts URL STORE BACKUPS NAME POINT [SIGNAL]; STORE is the setting of the store as JSON
const [url, store, backups, filename, point, signal = "SIGKILL"] = process.argv.slice(2);
const silent = { error() {}, warn() {}, info() {}, debug() {} };
const begun = await beginRestore(
  {
    url,
    files: await openRestoreFiles(JSON.parse(store)),
    target: createFolderTarget(backups),
    signer: TEST_SIGNER,
    freeProviders: ["local"],
    logger: silent as never,
    stopping: new AbortController().signal,
    atStep(name) {
      writeSync(1, `${name}\n`);
      if (name === point) process.kill(process.pid, signal);
    },
  },
  { filename, by: SERVER },
).catch((error) => {
  if (!(error instanceof AppError && error.code === "backup-running")) throw error;
  process.exit(REFUSED);
});
await begun.done;
