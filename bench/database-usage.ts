import type pg from "pg";
import { cpuSeconds } from "./process-usage.ts";

/** CPU time that the processes of a database on this machine have used, the one of `client` left out; seconds. */
export async function databaseCpuSeconds(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
  );
  return rows.reduce((sum, { pid }) => sum + secondsOf(pid), 0);
}

/** A connection that has just ended took little. */
function secondsOf(pid: number): number {
  try {
    return cpuSeconds(pid);
  } catch {
    return 0;
  }
}

/** Nearly every statement of the server is a transaction of its own. Counted since the statistics began. */
export async function databaseWork(client: pg.Client) {
  const { rows } = await client.query<{ transactions: number; writes: number }>(
    `SELECT (xact_commit + xact_rollback)::float8 AS transactions,
            (tup_inserted + tup_updated + tup_deleted)::float8 AS writes
       FROM pg_stat_database WHERE datname = current_database()`,
  );
  return rows[0];
}
