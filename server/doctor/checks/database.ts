import ipaddr from "ipaddr.js";
import { QueryTypes, type Sequelize } from "sequelize";
import { clientOptions } from "../../database/connect.ts";
import { explainUnreachable } from "../../database/explain-unreachable.ts";
import { pendingMigrations } from "../../database/migrate.ts";
import { isNearby } from "../../database/unknown-host.ts";
import { type Check, type Finding, ok, type Patient, problem, warning } from "../check.ts";
import { checkRights } from "./database-rights.ts";

const OLDEST = 14;
/** Other programs want some too. */
const SPARE_CONNECTIONS = 5;

interface Facts {
  version: string;
  major: number;
  /** Null: the connection is not encrypted. */
  tls: string | null;
  isReadOnly: boolean;
  connections: { max: number; used: number };
}

/** Whether it is there, new enough, encrypted where it must be, migrated and ours to change. */
export const database: Check = {
  name: "database",
  async run(patient) {
    const { config, database } = patient;
    if (!database) return [away(patient)];
    const { sequelize } = database;
    const startedAt = performance.now();
    const facts = await readFacts(sequelize);
    const ms = Math.round(performance.now() - startedAt);
    const found: Finding[] = [
      ok(
        `PostgreSQL ${facts.version} answers in ${ms} ms; the connection is ${facts.tls ?? "not encrypted"}.`,
      ),
    ];
    if (facts.major < OLDEST) {
      found.push(problem(`PostgreSQL ${facts.version} is too old.`, `Use version ${OLDEST} or newer.`));
    }
    if (!facts.tls && config.database.kind === "url" && !isNearHost(hostOf(config.database.url))) {
      const cure = "Add sslmode=require (or verify-full with sslrootcert=FILE) to DATABASE_URL.";
      found.push(warning("The way to the database is not encrypted, and it is not on this network.", cure));
    }
    if (facts.isReadOnly) {
      const cure =
        "Use the address of the primary, not of a replica, and a user without default_transaction_read_only.";
      found.push(
        problem("The database takes no changes: it is a replica, or read-only for this user.", cure),
      );
    }
    const { max, used } = facts.connections;
    if (max - used < SPARE_CONNECTIONS || max < config.pool.max + SPARE_CONNECTIONS) {
      const cure = `Raise max_connections, or lower DATABASE_POOL_MAX (${config.pool.max} for each process).`;
      found.push(warning(`${used} of the database's ${max} connections are in use.`, cure));
    }
    const pending = await pendingMigrations(sequelize);
    found.push(
      ...(await checkRights(database, config)),
      pending.length === 0
        ? ok("All migrations have run.")
        : warning(
            `${pending.length} migrations have not run yet.`,
            "Run npm run migrate, or start the server: it does so by itself.",
          ),
    );
    return found;
  },
};

const hostOf = (url: string) => clientOptions(url).host ?? "";

function isNearHost(host: string): boolean {
  if (isNearby(host)) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() !== "unicast";
}

function away({ config, databaseError }: Patient): Finding {
  if (config.database.kind !== "url") {
    const why = databaseError instanceof Error ? databaseError.message : String(databaseError);
    return problem(
      `The built-in database can't be started: ${why}`,
      "See postgres/server.log in DATA_DIR, and check the folder's owner and the disk.",
    );
  }
  const why = (databaseError as Error).cause ?? databaseError;
  const { message, cure } = explainUnreachable(config.database.url, why);
  return problem(`The database can't be reached: ${message}`, cure);
}

async function readFacts(sequelize: Sequelize): Promise<Facts> {
  const [facts] = await sequelize.query<Facts>(
    `SELECT current_setting('server_version') AS version,
            current_setting('server_version_num')::int / 10000 AS major,
            (SELECT CASE WHEN ssl THEN 'encrypted with ' || version END
               FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls,
            pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS "isReadOnly",
            json_build_object('max', current_setting('max_connections')::int,
                              'used', (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL)) AS connections`,
    { type: QueryTypes.SELECT },
  );
  return facts;
}
