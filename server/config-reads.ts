import type { Settings } from "./settings.ts";

/** A standby of the database, and how far behind lists may be; null: everything is read from the primary. */
export type ReadReplica = { url: string; maxLagSeconds: number } | null;

/** Throws one sentence that names the variable and the cure. */
export function parseReadReplica(s: Settings): ReadReplica {
  if (!s.DATABASE_READ_URL) return null;
  if (!s.DATABASE_URL && !s.PGHOST) {
    throw new Error(
      "DATABASE_READ_URL is set, but the database is the built-in one, which has no standby. Set DATABASE_URL, or remove DATABASE_READ_URL.",
    );
  }
  return { url: s.DATABASE_READ_URL, maxLagSeconds: s.DATABASE_READ_MAX_LAG_SECONDS };
}
