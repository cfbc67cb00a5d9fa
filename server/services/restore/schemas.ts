import pg from "pg";

/** Where a backup is loaded before it takes the place of what is there, and where that goes. */
export const ASIDE = "photo_to_3d_restored";
export const FORMER = "photo_to_3d_former";

/** Everything of a schema that isn't an extension's, as statements that move it; the session's search path is empty. */
const MOVES = `
  WITH own AS (SELECT $1::regnamespace AS schema), brought AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
  SELECT format('ALTER TABLE %s SET SCHEMA %I', c.oid::regclass, $2::text) AS sql
    FROM pg_class c, own WHERE c.relnamespace = own.schema AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
     AND NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_class'::regclass AND objid = c.oid)
  UNION ALL
  SELECT format('ALTER SEQUENCE %s SET SCHEMA %I', c.oid::regclass, $2::text)
    FROM pg_class c, own WHERE c.relnamespace = own.schema AND c.relkind = 'S'
     AND NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_class'::regclass AND objid = c.oid)
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                        AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)
  UNION ALL
  SELECT format('ALTER ROUTINE %s SET SCHEMA %I', p.oid::regprocedure, $2::text)
    FROM pg_proc p, own WHERE p.pronamespace = own.schema
     AND NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
  UNION ALL
  SELECT format('ALTER TYPE %s SET SCHEMA %I', t.oid::regtype, $2::text)
    FROM pg_type t, own WHERE t.typnamespace = own.schema AND t.typtype IN ('e', 'd', 'r')
     AND NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_type'::regclass AND objid = t.oid)`;

const hasSchema = async (client: pg.Client, name: string): Promise<boolean> =>
  (await client.query("SELECT FROM pg_namespace WHERE nspname = $1", [name])).rowCount === 1;

/** Whether a backup has taken the place of a former state that is still kept. */
export const isRestored = (client: pg.Client): Promise<boolean> => hasSchema(client, FORMER);

export const dropSchema = async (client: pg.Client, name: string): Promise<void> => {
  await client.query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(name)} CASCADE`);
};

/** Whether there is a table of this name, such as `public.photos`: a damaged database may lack any. */
export const hasTable = async (client: pg.Client, name: string): Promise<boolean> =>
  (await client.query("SELECT to_regclass($1) IS NOT NULL AS there", [name])).rows[0].there;

/** All tables, sequences, functions and types, in the caller's transaction; `to` exists. Nothing of one name may be there. */
export async function moveAll(client: pg.Client, from: string, to: string): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(MOVES, [from, to]);
  for (const { sql } of rows) await client.query(sql);
}

/** Holds all tables of a schema against everybody. */
export async function lockAll(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
    [schema],
  );
  if (rows.length > 0) {
    await client.query(`LOCK TABLE ${rows.map(({ name }) => name).join(", ")} IN ACCESS EXCLUSIVE MODE`);
  }
}

/** Names of the columns that two tables have in common and that take a value, quoted. */
export async function commonColumns(
  client: pg.Client,
  table: string,
  schemas: [string, string],
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(a.attname) AS name FROM pg_attribute a
      WHERE a.attrelid = format('%I.%I', $1::text, $3::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attgenerated = '' AND a.attidentity = ''
        AND EXISTS (SELECT FROM pg_attribute b WHERE b.attrelid = format('%I.%I', $2::text, $3::text)::regclass
                       AND b.attname = a.attname AND b.attnum > 0 AND NOT b.attisdropped
                       AND b.attgenerated = '' AND b.attidentity = '')
      ORDER BY a.attnum`,
    [...schemas, table],
  );
  return rows.map(({ name }) => name);
}
