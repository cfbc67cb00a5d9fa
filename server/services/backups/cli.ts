import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openTarget } from "../../backup/open-target.ts";
import type { Config } from "../../config.ts";
import { openConfiguredDatabase, readConfiguration } from "../../database/cli-settings.ts";
import { connectDatabase } from "../../database/connect.ts";
import { pendingMigrations } from "../../database/migrate.ts";
import { AppError } from "../../errors.ts";
import { createLogger } from "../../logger.ts";
import type { BackupRun } from "../../models/backup-run.ts";
import { defineRecords, type Records } from "../../models/records.ts";
import { openStorage } from "../../storage/open-storage.ts";
import { createBackups } from "./backups.ts";
import { readSigner } from "./signing-keys.ts";

const LOOK_MS = 1000;
const STEPS: Record<BackupRun["step"], string> = {
  preparing: "Preparing",
  database: "Database",
  files: "Files",
  verifying: "Verifying: restored aside and compared",
  cleaning: "Removing what has had its time",
};

/** One line for each step, and every second in which it moved on. */
function printProgress(run: BackupRun, before: string): string {
  const files = run.filesTotal ?? (Number(run.filesDone) > 0 ? run.filesDone : null);
  const done =
    files === null ? "" : `, files ${run.filesDone}${run.filesTotal ? ` of ${run.filesTotal}` : ""}`;
  const bytes = Number(run.bytesDone) > 0 ? `, ${(Number(run.bytesDone) / 1e6).toFixed(1)} MB` : "";
  const line = `${STEPS[run.step]}${done}${bytes}`;
  if (line !== before) console.log(line);
  return line;
}

async function makeOne(
  config: Config,
  url: string,
  records: Records,
  wanted: { verify: boolean; adopt: boolean },
): Promise<void> {
  const pending = await pendingMigrations(records.sequelize);
  if (pending.length > 0) throw new Error("The database is of an older version. Run npm run migrate first.");
  const target = await openTarget(config.backup.target);
  const { version } = JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, "../../../package.json"), "utf8"),
  ) as { version: string };
  const backups = createBackups({
    url,
    records,
    target,
    signer: await readSigner(config),
    version,
    storage: await openStorage(config.store),
    logger: createLogger({ ...config.log, level: "error" }),
    config: config.backup,
    now: () => new Date(),
    running: new Set(),
    stopping: new AbortController().signal,
  });
  const { run, done } = await backups.create({ kind: "manual", ...wanted });
  let printed = "";
  const timer = setInterval(async () => {
    const now = await run.reload().catch(() => null);
    if (now?.state === "running") printed = printProgress(now, printed);
  }, LOOK_MS);
  const ended = await done.finally(() => clearInterval(timer));
  if (ended.state !== "succeeded") throw new Error(ended.error ?? "It was canceled.");
  const size = `${(Number(ended.sizeBytes) / 1e6).toFixed(1)} MB`;
  console.log(`Made ${ended.filename} in ${target.name} (${size} with all files).`);
  if (ended.verifiedOk) console.log("Restored aside and compared: it is whole.");
  if (ended.error) throw new Error(ended.error);
}

// `npm run backup`, with `-- --verify` to restore it aside afterwards, and `-- --adopt` to take over a place where
// another installation has kept its backups; whether servers run or not.
try {
  const { values } = parseArgs({
    options: {
      verify: { type: "boolean", default: false },
      adopt: { type: "boolean", default: false },
    },
  });
  const { config } = readConfiguration();
  const database = await openConfiguredDatabase();
  const sequelize = connectDatabase({ url: database.url, pool: { ...config.pool, min: 0, max: 4 } });
  try {
    await makeOne(config, database.url, defineRecords(sequelize), values);
  } finally {
    await sequelize.close();
    await database.dispose();
  }
} catch (error) {
  const reason =
    error instanceof AppError
      ? error.operatorDetail.en
      : error instanceof Error
        ? error.message
        : String(error);
  console.error(`No backup to rely on was made: ${reason}`);
  process.exitCode = 1;
}
