import type pg from "pg";

export interface DumpedTable {
  /** Qualified and quoted: `public.users`. */
  name: string;
  /** Quoted names of what COPY writes and reads: all but generated columns. */
  columns: string[];
}

export interface SchemaText {
  /** Types, functions, sequences and tables, without anything that slows down loading. */
  before: string[];
  tables: DumpedTable[];
  /** Where sequences stand, constraints, indexes, triggers. */
  after: string[];
  omitted: string[];
}

/** What an extension brought is made by the extension. */
const OWN = (catalog: string, object: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${object} AND e.deptype = 'e')`;
const IN_PUBLIC = (column: string) => `${column} = 'public'::regnamespace`;
const TABLES = `FROM pg_class c WHERE c.relkind = 'r' AND ${IN_PUBLIC("c.relnamespace")} AND ${OWN("pg_class", "c.oid")}`;

const ENUMS = `
  SELECT format('CREATE TYPE %s AS ENUM (%s);', t.oid::regtype,
                (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)) AS sql
    FROM pg_type t WHERE t.typtype = 'e' AND ${IN_PUBLIC("t.typnamespace")} AND ${OWN("pg_type", "t.oid")} ORDER BY t.oid`;

/** Those that take or give rows of a table come after the tables. */
const FUNCTIONS = `
  SELECT pg_get_functiondef(p.oid) || ';' AS sql,
         EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (p.proargtypes || p.prorettype) AND t.typrelid <> 0
                    AND ${IN_PUBLIC("t.typnamespace")}) AS "needsTables"
    FROM pg_proc p WHERE p.prokind IN ('f', 'p', 'w') AND ${IN_PUBLIC("p.pronamespace")} AND ${OWN("pg_proc", "p.oid")}
   ORDER BY p.oid`;

const SEQUENCE_OPTIONS = `format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
  s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)`;

const SEQUENCES = `
  SELECT c.oid::regclass::text AS name, o.deptype AS kind,
         format('CREATE %sSEQUENCE %s AS %s %s;', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
                c.oid::regclass, format_type(s.seqtypid, NULL), ${SEQUENCE_OPTIONS}) AS sql,
         format('ALTER SEQUENCE %s OWNED BY %s.%s;', c.oid::regclass, o.refobjid::regclass, quote_ident(a.attname)) AS owned
    FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
    LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.deptype IN ('a', 'i')
                         AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0
    LEFT JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
   WHERE ${IN_PUBLIC("c.relnamespace")} AND ${OWN("pg_class", "c.oid")} ORDER BY c.oid`;

const COLUMNS = `
  SELECT c.oid::regclass::text AS "table", quote_ident(a.attname) AS name, a.attgenerated <> '' AS "isGenerated",
         c.relpersistence = 'u' AS "isUnlogged", array_to_string(c.reloptions, ', ') AS options,
         concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
           CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || a.attcollation::regcollation END,
           CASE WHEN a.attgenerated <> '' THEN format('GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                  CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END)
                WHEN d.adbin IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
           CASE WHEN a.attidentity <> '' THEN (
             SELECT format('GENERATED %s AS IDENTITY (SEQUENCE NAME %s %s)',
                           CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, s.seqrelid::regclass, ${SEQUENCE_OPTIONS})
               FROM pg_depend i JOIN pg_sequence s ON s.seqrelid = i.objid
              WHERE i.classid = 'pg_class'::regclass AND i.refobjid = c.oid AND i.refobjsubid = a.attnum AND i.deptype = 'i') END,
           CASE WHEN a.attnotnull THEN 'NOT NULL' END) AS sql
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.oid IN (SELECT c.oid ${TABLES}) ORDER BY c.oid, a.attnum`;

/** Foreign keys last: they need the keys of other tables. NOT NULL stands with the columns. */
const CONSTRAINTS = `
  SELECT format('ALTER TABLE ONLY %s ADD CONSTRAINT %I %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS sql,
         contype = 'f' AS "isForeign"
    FROM pg_constraint WHERE contype IN ('c', 'p', 'u', 'x', 'f') AND conrelid IN (SELECT c.oid ${TABLES}) ORDER BY oid`;

const INDEXES = `
  SELECT pg_get_indexdef(i.indexrelid) || ';' AS sql FROM pg_index i
   WHERE i.indrelid IN (SELECT c.oid ${TABLES})
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
   ORDER BY i.indexrelid`;

const TRIGGERS = `
  SELECT pg_get_triggerdef(t.oid) || ';' || CASE t.tgenabled WHEN 'O' THEN '' ELSE
           format(E'\\nALTER TABLE %s %s TRIGGER %I;', t.tgrelid::regclass,
                  CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, t.tgname) END AS sql
    FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgrelid IN (SELECT c.oid ${TABLES}) ORDER BY t.oid`;

const OMITTED = `
  SELECT pg_describe_object('pg_class'::regclass, c.oid, 0) AS name FROM pg_class c
   WHERE c.relkind IN ('p', 'v', 'm', 'f', 'c') AND ${IN_PUBLIC("c.relnamespace")} AND ${OWN("pg_class", "c.oid")}
  UNION ALL
  SELECT pg_describe_object('pg_type'::regclass, t.oid, 0) FROM pg_type t
   WHERE t.typtype IN ('d', 'r') AND ${IN_PUBLIC("t.typnamespace")} AND ${OWN("pg_type", "t.oid")}
  UNION ALL
  SELECT pg_describe_object('pg_proc'::regclass, p.oid, 0) FROM pg_proc p
   WHERE p.prokind = 'a' AND ${IN_PUBLIC("p.pronamespace")} AND ${OWN("pg_proc", "p.oid")}
  UNION ALL
  SELECT pg_describe_object('pg_policy'::regclass, p.oid, 0) FROM pg_policy p WHERE p.polrelid IN (SELECT c.oid ${TABLES})
  UNION ALL
  SELECT pg_describe_object('pg_statistic_ext'::regclass, s.oid, 0) FROM pg_statistic_ext s
   WHERE s.stxrelid IN (SELECT c.oid ${TABLES})
  UNION ALL
  SELECT pg_describe_object('pg_rewrite'::regclass, r.oid, 0) FROM pg_rewrite r WHERE r.ev_class IN (SELECT c.oid ${TABLES})`;

interface ColumnRow {
  table: string;
  name: string;
  isGenerated: boolean;
  isUnlogged: boolean;
  options: string | null;
  sql: string;
}

/** The schema `public` as SQL. The session's search path must be empty, so that all names come out qualified. */
export async function readSchema(client: pg.Client): Promise<SchemaText> {
  const read = async <R extends pg.QueryResultRow>(sql: string) => (await client.query<R>(sql)).rows;
  const texts = (rows: { sql: string }[]) => rows.map(({ sql }) => sql);
  const functions = await read<{ sql: string; needsTables: boolean }>(FUNCTIONS);
  const sequences = await read<{ name: string; kind: string | null; sql: string; owned: string }>(SEQUENCES);
  const tables = Map.groupBy(await read<ColumnRow>(COLUMNS), ({ table }) => table);
  const constraints = await read<{ sql: string; isForeign: boolean }>(CONSTRAINTS);
  const standings: string[] = [];
  for (const { name } of sequences) {
    const [{ sql }] = await read<{ sql: string }>(
      `SELECT format('SELECT pg_catalog.setval(%L, %s, %L);', '${name.replaceAll("'", "''")}', last_value, is_called) AS sql FROM ${name}`,
    );
    standings.push(sql);
  }
  return {
    before: [
      ...texts(await read(ENUMS)),
      ...texts(functions.filter(({ needsTables }) => !needsTables)),
      ...texts(sequences.filter(({ kind }) => kind !== "i")),
      ...[...tables].map(([name, columns]) => createTable(name, columns)),
      ...texts(functions.filter(({ needsTables }) => needsTables)),
      ...sequences.filter(({ kind }) => kind === "a").map(({ owned }) => owned),
    ],
    tables: [...tables].map(([name, columns]) => ({
      name,
      columns: columns.filter(({ isGenerated }) => !isGenerated).map((column) => column.name),
    })),
    after: [
      ...standings,
      ...texts(constraints.filter(({ isForeign }) => !isForeign)),
      ...texts(await read(INDEXES)),
      ...texts(constraints.filter(({ isForeign }) => isForeign)),
      ...texts(await read(TRIGGERS)),
      ...[...tables.keys()].map((name) => `ANALYZE ${name};`),
    ],
    omitted: (await read<{ name: string }>(OMITTED)).map(({ name }) => name),
  };
}

function createTable(name: string, columns: ColumnRow[]): string {
  const [{ isUnlogged, options }] = columns;
  const lines = columns.map(({ sql }) => `    ${sql}`).join(",\n");
  return `CREATE ${isUnlogged ? "UNLOGGED " : ""}TABLE ${name} (\n${lines}\n)${options ? ` WITH (${options})` : ""};`;
}
