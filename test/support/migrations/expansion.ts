import type pg from "pg";

/** What the code of the version before may rely on. */
export interface Shape {
  /** `table.column` → its form. */
  columns: Map<string, { type: string; isRequired: boolean; hasDefault: boolean }>;
  tables: Set<string>;
  /** Constraints and unique indexes: `table` and what they say → the columns that they speak of. */
  rules: Map<string, { table: string; name: string; columns: string[] }>;
}

const COLUMNS = `
  SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
         a.attnotnull AS "isRequired",
         (a.atthasdef OR a.attidentity <> '') AS "hasDefault"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`;

const RULES = `
  SELECT t.relname AS table, n.conname AS name, pg_get_constraintdef(n.oid) AS definition,
         ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = t.oid AND attnum = ANY (n.conkey)) AS columns
    FROM pg_constraint n JOIN pg_class t ON t.oid = n.conrelid
   WHERE n.contype IN ('c', 'f', 'p', 'u', 'x') AND t.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT t.relname, i.relname, pg_get_indexdef(x.indexrelid),
         ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = t.oid AND attnum = ANY (x.indkey))
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
   WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace
     AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = x.indexrelid)`;

type ColumnRow = { table: string; column: string; type: string; isRequired: boolean; hasDefault: boolean };
type RuleRow = { table: string; name: string; definition: string; columns: string[] };

export async function shapeOf(client: pg.Client): Promise<Shape> {
  const { rows: columns } = await client.query<ColumnRow>(COLUMNS);
  const { rows: rules } = await client.query<RuleRow>(RULES);
  return {
    tables: new Set(columns.map(({ table }) => table)),
    columns: new Map(columns.map(({ table, column, ...form }) => [`${table}.${column}`, form])),
    rules: new Map(
      rules.map(({ definition, ...rule }) => [`${rule.table} ${rule.name} ${definition}`, rule]),
    ),
  };
}

/**
 * What a step takes away from code that knows only the shape before it, in words; empty for a step that only expands. A
 * rule that takes the place of one of the same name is not judged: only people can tell whether it is wider.
 */
export function contractionsOf(before: Shape, after: Shape): string[] {
  const found: string[] = [];
  for (const table of before.tables) if (!after.tables.has(table)) found.push(`the table ${table} is gone`);
  for (const [name, was] of before.columns) {
    const [table] = name.split(".");
    const is = after.columns.get(name);
    if (!is) {
      if (after.tables.has(table)) found.push(`the column ${name} is gone`);
      continue;
    }
    if (is.type !== was.type) found.push(`the column ${name} was ${was.type} and is ${is.type}`);
    if (is.isRequired && !was.isRequired) found.push(`the column ${name} must not be null any more`);
    if (is.isRequired && was.hasDefault && !is.hasDefault) found.push(`the column ${name} lost its default`);
  }
  for (const [name, { isRequired, hasDefault }] of after.columns) {
    const isNew = before.tables.has(name.split(".")[0]) && !before.columns.has(name);
    if (isNew && isRequired && !hasDefault) found.push(`the new column ${name} has no default`);
  }
  const namesBefore = new Set([...before.rules.values()].map(({ table, name }) => `${table} ${name}`));
  for (const [key, { table, name, columns }] of after.rules) {
    const isOld = before.rules.has(key) || namesBefore.has(`${table} ${name}`) || !before.tables.has(table);
    const isOfOldColumns =
      columns.length > 0 && columns.every((column) => before.columns.has(`${table}.${column}`));
    if (!isOld && isOfOldColumns) found.push(`${table} has a new rule ${name} about what was there`);
  }
  return found;
}
