import type { OpenCache } from "./cache/open-cache.ts";
import type { Config } from "./config.ts";
import { type RootLogger, tailOf } from "./logger.ts";
import type { Records } from "./models/records.ts";
import type { Notices } from "./queue/notices.ts";
import { signerOf } from "./services/backups/signing-keys.ts";
import { startBackups } from "./services/backups/start-backups.ts";
import type { KeptSecrets } from "./services/kept-secrets.ts";
import type { ProviderDirectory } from "./services/providers.ts";
import { openRestoreFiles } from "./services/restore/open-restore-files.ts";
import { rescueRestores } from "./services/restore/rescue.ts";
import { createRestores } from "./services/restore/restores.ts";
import { followRestores } from "./services/system/follow-restores.ts";
import { followLogLevel } from "./services/system/log-level.ts";
import { createSystemState, type SystemState } from "./services/system/system-state.ts";
import type { Storage } from "./storage/storage.ts";

interface Parts {
  records: Records;
  notices: Notices;
  logger: RootLogger;
}

/** What operators see and switch; it is taken down with `building`. */
export async function startOperations({ records, notices, logger }: Parts, building: AsyncDisposableStack) {
  const switches = building.adopt(await createSystemState({ records, notices, logger }), (part) =>
    part.dispose(),
  );
  const level = building.adopt(followLogLevel({ logger, switches }), (part) => part.dispose());
  return { switches, logs: { tail: tailOf(logger), level } };
}

interface KeepingParts {
  /** Of the database. */
  url: string;
  config: Config;
  secrets: KeptSecrets;
  records: Records;
  storage: Storage;
  logger: RootLogger;
  /** Of the product. */
  version: string;
  cache: OpenCache;
  directory: ProviderDirectory;
  switches: SystemState;
  stopping: AbortSignal;
}

/** Backups, and what puts one in the place of everything. */
export async function startKeeping(
  { config, secrets, cache, directory, stopping, ...given }: KeepingParts,
  building: AsyncDisposableStack,
) {
  const parts = { ...given, signer: signerOf(config, secrets) };
  const { switches, logger } = parts;
  building.adopt(followRestores({ switches, logger, forget: () => cache.cache.clear("*") }), (part) =>
    part.dispose(),
  );
  const backups = building.adopt(
    await startBackups({ ...parts, config: config.backup, keepsSchedule: config.role !== "web" }),
    (part) => part.dispose(),
  );
  const freeProviders = [...directory.providers.values()].filter(({ isFree }) => isFree).map(({ id }) => id);
  const files = await openRestoreFiles(config.store);
  const restores = building.adopt(
    createRestores({ ...parts, files, target: backups.target, freeProviders, stopping }),
    (part) => part.dispose(),
  );
  building.adopt(rescueRestores({ switches, logger, recover: restores.recover }), (part) => part.dispose());
  return { backups, restores };
}
