import pg from "pg";

/**
 * Those of `read` that one schema has and the other, damaged one lacks are copied there, in the caller's transaction,
 * so that what is carried from one to the other finds nothing that differs. Answers what takes them away again.
 */
export async function fillGaps(
  client: pg.Client,
  damaged: string,
  whole: string,
  read: readonly string[],
): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class c WHERE relnamespace = $2::regnamespace AND relkind IN ('r', 'p') AND relname = ANY ($3)
        AND NOT EXISTS (SELECT FROM pg_class d WHERE d.relnamespace = $1::regnamespace AND d.relname = c.relname)`,
    [damaged, whole, read],
  );
  const nameIn = (schema: string, name: string) =>
    `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
  for (const { name } of rows) {
    const [gap, like] = [nameIn(damaged, name), nameIn(whole, name)];
    await client.query(
      `CREATE TABLE ${gap} (LIKE ${like} INCLUDING INDEXES); INSERT INTO ${gap} TABLE ${like}`,
    );
  }
  return async () => {
    for (const { name } of rows) await client.query(`DROP TABLE ${nameIn(damaged, name)}`);
  };
}
