import { QueryTypes } from "sequelize";
import { type Finding, ok, type Patient, problem } from "../check.ts";

interface Rights {
  mayCreate: boolean;
  /** The queue's tables have a schema of their own. */
  mayQueue: boolean;
  tables: string[];
  /** Tables that can't be read or changed. */
  closed: string[];
}

/** Whether the tables are there, and the database's user may do with them what the product does. */
export async function checkRights(database: NonNullable<Patient["database"]>): Promise<Finding[]> {
  const { sequelize, isMigrated } = database;
  const [rights] = await sequelize.query<Rights>(
    `WITH tables AS (
       SELECT tablename::text AS name, quote_ident(schemaname) || '.' || quote_ident(tablename) AS full_name
         FROM pg_tables WHERE schemaname = current_schema())
     SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate",
            coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = 'jobs'),
                     has_database_privilege(current_database(), 'CREATE')) AS "mayQueue",
            ARRAY(SELECT name FROM tables) AS tables,
            ARRAY(SELECT name FROM tables
                   WHERE NOT (has_table_privilege(full_name, 'SELECT') AND has_table_privilege(full_name, 'INSERT')
                     AND has_table_privilege(full_name, 'UPDATE') AND has_table_privilege(full_name, 'DELETE')))
              AS closed`,
    { type: QueryTypes.SELECT },
  );
  const found: Finding[] = [];
  if (!rights.mayCreate) {
    const cure = "GRANT CREATE ON SCHEMA public TO the product's database user.";
    found.push(problem("The database user may not make tables, so migrations would fail.", cure));
  }
  if (!rights.mayQueue) {
    const cure =
      "GRANT CREATE ON DATABASE ... TO the product's database user, or make it the owner of the schema jobs.";
    found.push(problem("The database user may not make the schema jobs, so there is no queue.", cure));
  }
  if (rights.closed.length > 0) {
    const cure = "Make the product's database user their owner.";
    found.push(problem(`The database user may not read or change: ${rights.closed.join(", ")}.`, cure));
  }
  if (!isMigrated) return found;
  const needed = Object.values(sequelize.models).map((model) => String(model.getTableName()));
  const missing = needed.filter((name) => !rights.tables.includes(name));
  if (missing.length > 0) {
    const cure = "Restore the database from a backup (npm run restore); something else removed them.";
    return [...found, problem(`Tables are missing: ${missing.join(", ")}.`, cure)];
  }
  if (found.length > 0) return found;
  return [ok(`All ${needed.length} tables are there, and may be changed.`)];
}
