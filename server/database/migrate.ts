import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import pg from "pg";
import { DatabaseError, type QueryInterface, QueryTypes, Sequelize } from "sequelize";
import { clientOptions, connectDatabase, PATIENCE } from "./connect.ts";
import { boundLockWaits, whenUnlocked } from "./lock-patience.ts";

/** What a file in the migrations folder exports, for us and for sequelize-cli alike; `up` is one transaction. */
interface Migration {
  up(queryInterface: QueryInterface, sequelize: typeof Sequelize): Promise<void>;
  down(queryInterface: QueryInterface, sequelize: typeof Sequelize): Promise<void>;
}

interface MigrateOptions {
  logger: { info(message: string, facts: { migration: string }): unknown };
  /** Where the `.cjs` files lie; the project's own by default. */
  folder?: string;
  /** Ends the wait for others, and what has not begun; a migration that runs is finished. */
  signal?: AbortSignal;
}

export const MIGRATIONS_FOLDER = path.resolve(import.meta.dirname, "../../migrations");

/** The advisory lock under which migrations run, here and in sequelize-cli (see cli-config.cjs). */
export const MIGRATION_LOCK = 7_310_309_201;

/** Said of each migration that ran. */
export const MIGRATED = "Migrated the database.";

const UNDEFINED_TABLE = "42P01";
const require = createRequire(import.meta.url);

/** The names of all migrations of a folder in the order in which they run. */
export function listMigrations(folder = MIGRATIONS_FOLDER): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".cjs"))
    .sort();
}

/**
 * Runs what has not run yet and returns the names, oldest first. Others who migrate the same database at the
 * same time wait for their turn, and so does a migration whose tables others use: those are served meanwhile. What a
 * newer version has done to the database stays, as both may run side by side. Rejects with the migration's own error; what ran before it stays.
 */
export async function migrate(
  url: string,
  { logger, folder = MIGRATIONS_FOLDER, signal = new AbortController().signal }: MigrateOptions,
): Promise<string[]> {
  signal.throwIfAborted();
  const lock = new pg.Client({ ...clientOptions(url), application_name: "photo-to-3d migrations" });
  // A connection that breaks while it only holds the lock must not end the process; the statements will tell.
  lock.on("error", () => {});
  await lock.connect();
  // One connection, which stays as long as the transaction around a migration.
  const pool = { max: 1, min: 1, acquireMs: 30_000, idleMs: 3_600_000 };
  // An index over many rows takes its time.
  const sequelize = connectDatabase({ url, pool, patience: { ...PATIENCE, query_timeout: 0 } });
  boundLockWaits(sequelize);
  try {
    await awaitTurn(lock, signal);
    const done = await appliedMigrations(sequelize);
    const known = listMigrations(folder);
    const pending = known.filter((name) => !done.has(name));
    const newer = [...done].filter((name) => !known.includes(name)).sort();
    if (newer.length > 0) {
      const newest = newer[newer.length - 1];
      logger.info("A newer version has migrated the database; this one runs on it.", { migration: newest });
    }
    if (pending.length === 0) return [];
    // It takes a tenth of a start to load, and most starts have nothing to migrate.
    const { SequelizeStorage, Umzug } = await import("umzug");
    const context = sequelize.getQueryInterface();
    const umzug = new Umzug({
      migrations: known.map((name) => {
        const migration: Migration = require(path.join(folder, name));
        return {
          name,
          up: () => migration.up(context, Sequelize),
          down: () => migration.down(context, Sequelize),
        };
      }),
      context,
      storage: new SequelizeStorage({ sequelize, tableName: "SequelizeMeta" }),
      logger: undefined,
    });
    umzug.on("migrated", ({ name }) => {
      logger.info(MIGRATED, { migration: name });
    });
    for (const name of pending) {
      signal.throwIfAborted();
      const onWait = () =>
        void logger.info("A migration waits for a table that others use.", { migration: name });
      await whenUnlocked(() => inOne(sequelize, () => umzug.up({ migrations: [name] })), { onWait, signal });
    }
    return pending;
  } finally {
    await sequelize.close();
    await lock.end();
  }
}

/**
 * What a migration does, and that it has run, counts together or not at all, whenever the process ends. One with a
 * transaction of its own ends this one with it.
 */
async function inOne<T>(sequelize: Sequelize, work: () => Promise<T>): Promise<T> {
  await sequelize.query("BEGIN");
  try {
    const result = await work();
    await sequelize.query("COMMIT");
    return result;
  } catch (error) {
    await sequelize.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Takes the lock; throws the reason of `signal` where that aborts before. */
async function awaitTurn(lock: pg.Client, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const leave = () => void lock.end().catch(() => undefined);
  signal.addEventListener("abort", leave, { once: true });
  try {
    await lock.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** The names of the migrations that this database still lacks. */
export async function pendingMigrations(sequelize: Sequelize, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  const done = await appliedMigrations(sequelize);
  return listMigrations(folder).filter((name) => !done.has(name));
}

async function appliedMigrations(sequelize: Sequelize): Promise<Set<string>> {
  try {
    const rows = await sequelize.query<{ name: string }>('SELECT name FROM "SequelizeMeta"', {
      type: QueryTypes.SELECT,
    });
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error instanceof DatabaseError && (error.parent as { code?: string }).code === UNDEFINED_TABLE) {
      return new Set();
    }
    throw error;
  }
}
