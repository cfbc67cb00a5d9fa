import { removeBackup, sweepTarget } from "../../backup/remove-backup.ts";
import { audit, SERVER } from "../audit.ts";
import { readCatalogue } from "./catalogue.ts";
import { ownsPlace } from "./claim.ts";
import type { BackupDeps } from "./deps.ts";
import { pastTime } from "./retention.ts";

/** Removes what has had its time; a failure costs room, and the next run tries again. */
export async function clean(deps: BackupDeps, signal: AbortSignal): Promise<void> {
  const { target, signer, config, now, records, logger } = deps;
  try {
    // Another installation may have taken it over meanwhile, and be making one.
    if (!(await ownsPlace(deps))) return;
    for (const filename of pastTime(await readCatalogue(target, { signer }), now(), config.retentionDays)) {
      await removeBackup(target, filename, signal);
      await audit(records, { action: "backup.deleted", details: { filename, reason: "age" }, by: SERVER });
    }
    await sweepTarget(target, signal);
  } catch (error) {
    logger.warn("Old backups could not be removed", { error });
  }
}
