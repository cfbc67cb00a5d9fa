import { QueryTypes } from "sequelize";
import { pendingMigrations } from "../../database/migrate.ts";
import { type Check, type Finding, ok, problem, warning } from "../check.ts";

const OLDEST = 14;

interface Facts {
  version: string;
  major: number;
  mayCreate: boolean;
  /** Tables that can't be read or written. */
  closed: string[];
}

/** Whether it is there, new enough, migrated and ours to change. */
export const database: Check = {
  name: "database",
  async run({ config, database, databaseError }) {
    if (!database) {
      const why = databaseError instanceof Error ? databaseError.message : String(databaseError);
      const which = config.database.kind === "url" ? "DATABASE_URL (or PGHOST and so on)" : "DATA_DIR";
      return [
        problem(`The database can't be reached: ${why}`, `Start it, and check ${which} and the network.`),
      ];
    }
    const { sequelize } = database;
    const startedAt = performance.now();
    const [facts] = await sequelize.query<Facts>(
      `SELECT current_setting('server_version') AS version,
              current_setting('server_version_num')::int / 10000 AS major,
              coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate",
              ARRAY(SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()
                      AND NOT (has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT')
                        AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'INSERT')))
                AS closed`,
      { type: QueryTypes.SELECT },
    );
    const ms = Math.round(performance.now() - startedAt);
    const found: Finding[] = [ok(`PostgreSQL ${facts.version} answers in ${ms} ms.`)];
    if (facts.major < OLDEST) {
      found.push(problem(`PostgreSQL ${facts.version} is too old.`, `Use version ${OLDEST} or newer.`));
    }
    if (!facts.mayCreate) {
      const cure = "GRANT CREATE ON SCHEMA public TO the product's database user.";
      found.push(problem("The database user may not make tables, so migrations would fail.", cure));
    }
    if (facts.closed.length > 0) {
      const cure = "Make the product's database user their owner.";
      found.push(problem(`The database user may not read or write: ${facts.closed.join(", ")}.`, cure));
    }
    const pending = await pendingMigrations(sequelize);
    found.push(
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
