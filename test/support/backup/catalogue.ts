import pg from "pg";

/** What the schema `public` is made of, as the server describes it; two equal ones are made alike. */
const DESCRIPTIONS = [
  `SELECT c.oid::regclass::text, relkind::text, relpersistence::text, reloptions::text FROM pg_class c WHERE relkind <> 't' AND NSP(relnamespace)`,
  `SELECT attrelid::regclass::text, attname::text, row_number() OVER (PARTITION BY attrelid ORDER BY attnum), format_type(atttypid, atttypmod), attnotnull,
          attidentity::text, attgenerated::text, attcollation::regcollation::text, pg_get_expr(adbin, adrelid)
     FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'i', 'S') AND NSP(relnamespace)`,
  `SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 'n' AND NSP(connamespace)`,
  `SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE NSP(relnamespace)`,
  `SELECT pg_get_triggerdef(t.oid), tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND NSP(relnamespace)`,
  `SELECT pg_get_functiondef(oid) FROM pg_proc WHERE NSP(pronamespace)`,
  `SELECT enumtypid::regtype::text, enumlabel::text, row_number() OVER (PARTITION BY enumtypid ORDER BY enumsortorder) FROM pg_enum`,
  `SELECT schemaname::text, sequencename::text, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size, last_value
     FROM pg_sequences WHERE schemaname = 'public'`,
  `SELECT objid::regclass::text, refobjid::regclass::text, refobjsubid > 0, deptype::text FROM pg_depend JOIN pg_class c ON c.oid = objid
    WHERE relkind = 'S' AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND NSP(relnamespace)`,
];

export async function describeDatabase(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET search_path = ''");
    const lines: string[] = [];
    for (const [index, sql] of DESCRIPTIONS.entries()) {
      const text = sql.replace(/NSP\((\w+)\)/g, "$1 = 'public'::regnamespace");
      const { rows } = await client.query({ text, rowMode: "array" });
      lines.push(...rows.map((row) => `${index} ${sameLists(JSON.stringify(row))}`));
    }
    return lines.sort();
  } finally {
    await client.end();
  }
}

/**
 * The server writes lists and brackets of what it read from its own description another way (`pg_dump` has the same);
 * what it means stays.
 */
const sameLists = (line: string) =>
  line
    .replaceAll(/\('([^']*)'::character varying\)::text/g, "'$1'::character varying")
    .replaceAll(/\(ARRAY\[([^\]]*)\]\)::text\[\]/g, "ARRAY[$1]")
    .replaceAll(/[()]/g, "");
