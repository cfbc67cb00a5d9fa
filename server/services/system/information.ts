import os from "node:os";
import { QueryTypes } from "sequelize";
import type { Config } from "../../config.ts";
import type { SystemInfo } from "../../contract/system.ts";
import type { Records } from "../../models/records.ts";
import type { Storage } from "../../storage/storage.ts";

interface Deps {
  records: Pick<Records, "sequelize">;
  storage: Pick<Storage, "freeBytes" | "totalBytes">;
  config: Pick<Config, "shown" | "database" | "store">;
  version: string;
  commit: string | null;
}

/** What runs here and with which settings, none of them secret. */
export async function readInformation(deps: Deps): Promise<SystemInfo> {
  const { records, storage, config, version, commit } = deps;
  const [database] = await records.sequelize.query<{ version: string; bytes: number }>(
    `SELECT current_setting('server_version') AS version, pg_database_size(current_database())::float8 AS bytes`,
    { type: QueryTypes.SELECT },
  );
  const uptime = process.uptime();
  return {
    name: "photo-to-3d",
    version,
    commit,
    node: process.version,
    platform: `${os.platform()} ${os.arch()}`,
    process: `${os.hostname()} ${process.pid}`,
    startedAt: new Date(Date.now() - uptime * 1000).toISOString(),
    uptime,
    database: { ...database, isEmbedded: config.database.kind === "embedded" },
    store: {
      bucket: config.store.kind === "s3" ? `s3://${config.store.bucket}/${config.store.prefix}` : null,
      freeBytes: await storage.freeBytes(),
      totalBytes: await storage.totalBytes(),
    },
    settings: config.shown,
  };
}
