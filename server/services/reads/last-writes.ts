import { QueryTypes, type Sequelize } from "sequelize";
import { lsnSql } from "./lsn.ts";

/** What a user must find in a list. */
export interface Floor {
  /** A replica must have replayed the log up to here, bytes; 0 where the user wrote nothing lately. */
  lsn: number;
  /** A model of the user's may have come lately by a job, at a position that nobody noted. */
  isUnsure: boolean;
}

/** Beyond the bound of the lag: what a transaction may take from its own time to its commit. */
export const COMMIT_SECONDS = 60;

export interface LastWrites {
  /** Called once a user's change is committed, before the user has its answer. */
  note(userId: string): Promise<void>;
  floorOf(userId: string): Promise<Floor>;
}

/**
 * The last writes of users, in the database itself, so that every process knows them at once and none loses them. What
 * is older than a replica may lag needs no floor; so a row of another database, which came with a dump, ends as well.
 */
export function createLastWrites(sequelize: Sequelize, maxLagSeconds: number): LastWrites {
  const seconds = maxLagSeconds + COMMIT_SECONDS;
  return {
    async note(userId) {
      await sequelize.query(
        `INSERT INTO last_writes (user_id, lsn, written_at)
         SELECT id, pg_current_wal_insert_lsn(), clock_timestamp() FROM users WHERE id = $1
         ON CONFLICT (user_id) DO UPDATE SET written_at = excluded.written_at, lsn =
           CASE WHEN last_writes.lsn > pg_current_wal_insert_lsn() THEN excluded.lsn
                ELSE greatest(last_writes.lsn, excluded.lsn) END`,
        { type: QueryTypes.INSERT, bind: [userId] },
      );
    },
    async floorOf(userId) {
      const [floor] = await sequelize.query<Floor>(
        `SELECT coalesce((SELECT ${lsnSql("lsn")} FROM last_writes
                           WHERE user_id = $1 AND written_at > now() - make_interval(secs => $2)), 0) AS lsn,
                EXISTS (SELECT FROM generation_tasks
                         WHERE finished_at > now() - make_interval(secs => $2) AND user_id = $1) AS "isUnsure"`,
        { type: QueryTypes.SELECT, bind: [userId, seconds] },
      );
      return floor;
    },
  };
}
