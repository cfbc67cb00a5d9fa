import { QueryTypes } from "sequelize";
import type { Records } from "./records.ts";

type Database = Pick<Records, "sequelize">;

export interface LeaseClaim {
  /** Of this process, new with each start. */
  holder: string;
  /** Machine and process, for people. */
  name: string;
  seconds: number;
  /** Process id of a session that this process keeps open: whose end shows that it has died. */
  session?: number | null;
}

/**
 * Makes this process the one that monitors, or keeps it so; false while another one is. A process that dies loses it
 * with its session. Where the database does not see that session, as behind a pooler, or the way there is cut in
 * silence, it loses it when the time is over, by the database's clock. Ends that only a clock that was
 * set back can have don't count; `now()` is no measure of them, as who was faster may have begun a moment later, nor
 * is a bare clock, as ends are rounded up to a millisecond.
 */
export async function claimLease({ sequelize }: Database, claim: LeaseClaim): Promise<boolean> {
  const rows = await sequelize.query(
    `INSERT INTO monitor_lease AS lease (holder, name, looked_at, until, session)
     VALUES ($1, $2, now(), now() + make_interval(secs => $3::float8),
             (SELECT pid FROM pg_stat_activity WHERE pid = $4::int))
     ON CONFLICT (is_only) DO UPDATE
       SET holder = excluded.holder, name = excluded.name, looked_at = excluded.looked_at, until = excluded.until,
           session = excluded.session
       WHERE lease.holder = excluded.holder OR lease.until <= now()
             OR (lease.session IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = lease.session))
             OR lease.until > clock_timestamp() + make_interval(secs => $3::float8) + interval '1 second'
     RETURNING holder`,
    { bind: [claim.holder, claim.name, claim.seconds, claim.session ?? null], type: QueryTypes.SELECT },
  );
  return rows.length > 0;
}

/** Lets another process begin at once: `now()` would be rounded up to a millisecond that has yet to come. */
export async function releaseLease({ sequelize }: Database, holder: string): Promise<void> {
  await sequelize.query("UPDATE monitor_lease SET until = '-infinity' WHERE holder = $1", { bind: [holder] });
}

/** Who looks for all, null where nobody does now, and when the last look began. */
export async function readLease({
  sequelize,
}: Database): Promise<{ name: string | null; lookedAt: Date } | null> {
  const rows = await sequelize.query<{ name: string | null; lookedAt: Date }>(
    `SELECT CASE WHEN until > now() THEN name END AS name, looked_at AS "lookedAt" FROM monitor_lease`,
    { type: QueryTypes.SELECT },
  );
  return rows[0] ?? null;
}
