import pg from "pg";

/** Lets nobody into a database, not even those who are in, until the returned function is called. */
export async function closeDatabase(url: string): Promise<() => Promise<void>> {
  const name = new URL(url).pathname.slice(1);
  const admin = new pg.Client({ connectionString: url.replace(/\/[^/]*$/, "/postgres") });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  // All at once; then until each is gone, with the locks that it holds.
  for (const waitMs of [0, 60_000]) {
    const sql = "SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity WHERE datname = $1";
    await admin.query(sql, [name, waitMs]);
  }
  return async () => {
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
  };
}
