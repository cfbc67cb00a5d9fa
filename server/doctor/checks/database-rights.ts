import { QueryTypes } from "sequelize";
import { type Finding, ok, type Patient, problem, warning } from "../check.ts";

interface Rights {
  mayCreate: boolean;
  /** The queue's tables have a schema of their own. */
  mayQueue: boolean;
  /** A restore loads the dump into a schema beside the present one. */
  mayRestore: boolean;
  /** Backups are tried out in a database of their own. */
  mayTryOut: boolean;
  tables: string[];
  /** Tables that can't be read or changed. */
  closed: string[];
}

/** Whether the tables are there, and the database's user may do with them what the product does. */
export async function checkRights(
  { sequelize, isMigrated }: NonNullable<Patient["database"]>,
  { backup }: Patient["config"],
): Promise<Finding[]> {
  const [rights] = await sequelize.query<Rights>(
    `WITH tables AS (
       SELECT tablename::text AS name, quote_ident(schemaname) || '.' || quote_ident(tablename) AS full_name
         FROM pg_tables WHERE schemaname = current_schema())
     SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate",
            coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = 'jobs'),
                     has_database_privilege(current_database(), 'CREATE')) AS "mayQueue",
            has_database_privilege(current_database(), 'CREATE') AS "mayRestore",
            (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "mayTryOut",
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
  const tolerable: Finding[] = [];
  if (!rights.mayRestore) {
    const cure = "GRANT CREATE ON DATABASE ... TO the product's database user.";
    tolerable.push(warning("The database user may not make schemas, so no backup could be restored.", cure));
  }
  if (backup.schedule !== null && !rights.mayTryOut) {
    const cure = "Let an administrator of the database run ALTER ROLE ... CREATEDB for the product's user.";
    const message =
      "The database user may not make databases, so backups are made, but can not be tried out.";
    tolerable.push(warning(message, cure));
  }
  if (!isMigrated) return [...found, ...tolerable];
  const needed = Object.values(sequelize.models).map((model) => String(model.getTableName()));
  const missing = needed.filter((name) => !rights.tables.includes(name));
  if (missing.length > 0) {
    const cure =
      "Restore the database from a backup (npm run restore), something else removed them; where a restore is refused, into an empty database.";
    found.push(problem(`Tables are missing: ${missing.join(", ")}.`, cure));
  }
  if (found.length === 0) found.push(ok(`All ${needed.length} tables are there, and may be changed.`));
  return [...found, ...tolerable];
}
