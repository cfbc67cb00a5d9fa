import { QueryTypes, type Sequelize } from "sequelize";
import { clientOptions, HeardClient } from "../../database/connect.ts";
import { reachDatabase } from "../../database/reach.ts";
import { lsnSql } from "./lsn.ts";

/** Which database a server has: of one cluster, and there the same one. */
const IDENTITY_SQL = `(SELECT system_identifier::text FROM pg_control_system())
  || '/' || (SELECT oid::text FROM pg_database WHERE datname = current_database())`;

/** What it met is thrown, too. */
const SILENT = { info() {}, warn() {} };

/** Up to where a primary has written its log, bytes. */
export interface PrimaryPosition {
  lsn: number;
  identity: string;
}

export async function primaryPosition(sequelize: Sequelize): Promise<PrimaryPosition> {
  const [found] = await sequelize.query<PrimaryPosition>(
    `SELECT ${lsnSql("pg_current_wal_lsn()")} AS lsn, ${IDENTITY_SQL} AS identity`,
    { type: QueryTypes.SELECT },
  );
  return found;
}

/** The server at the address can't stand in for the primary, however long one waits. */
export class UnfitReplica extends Error {}

export interface ReplicaClient {
  /**
   * Up to where the replica has replayed the log of the primary with this identity, bytes.
   * @throws UnfitReplica, and what `pg` throws
   */
  position(identity: string): Promise<number>;
  /** The address with what TLS it turned out to have; null before the first connection. */
  url(): string | null;
  dispose(): Promise<void>;
}

/**
 * A connection of its own to the replica, so that a pool that is busy doesn't look like lag. `onLost` hears at once when
 * it breaks, as at a restart, after which a standby may be further back than before.
 */
export function createReplicaClient(url: string, patienceMs: number, onLost: () => void): ReplicaClient {
  let current: Promise<HeardClient> | null = null;
  let settled: string | null = null;
  let running: Promise<number> | null = null;
  let next: Promise<number> | null = null;

  async function connect(): Promise<HeardClient> {
    settled ??= await reachDatabase(url, { patienceMs: 0, logger: SILENT });
    const client = new HeardClient({
      ...clientOptions(settled),
      application_name: "photo-to-3d replica watch",
      connectionTimeoutMillis: patienceMs,
      query_timeout: patienceMs,
      keepAlive: true,
    });
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }

  function connection(): Promise<HeardClient> {
    if (current) return current;
    const made = connect();
    current = made;
    const onEnd = () => {
      if (current !== made) return;
      current = null;
      onLost();
    };
    made.then((client) => client.once("end", onEnd), onEnd);
    return made;
  }

  function drop(connecting: Promise<HeardClient>): void {
    if (current === connecting) current = null;
    connecting.then((client) => client.end()).catch(() => undefined);
  }

  async function ask(identity: string): Promise<number> {
    const asked = connection();
    try {
      const client = await asked;
      const { rows } = await client.query<{ standby: boolean; identity: string; lsn: number | null }>(
        `SELECT pg_is_in_recovery() AS standby, ${IDENTITY_SQL} AS identity,
                CASE WHEN pg_is_in_recovery() THEN ${lsnSql("pg_last_wal_replay_lsn()")} END AS lsn`,
      );
      const [found] = rows;
      if (!found.standby) throw new UnfitReplica("DATABASE_READ_URL leads to a server that is no standby.");
      if (found.identity !== identity)
        throw new UnfitReplica("DATABASE_READ_URL leads to a standby of another database.");
      if (found.lsn === null) throw new UnfitReplica("The standby does not tell how far it is.");
      return found.lsn;
    } catch (error) {
      // A connection on which an answer is missing would give it to the next question.
      drop(asked);
      throw error;
    }
  }

  /** A question at a time: who comes meanwhile shares the next one, for the answer of this one may be older. */
  function askInTurn(identity: string): Promise<number> {
    const begin = () => {
      next = null;
      running = ask(identity).finally(() => {
        running = null;
      });
      return running;
    };
    if (next) return next;
    if (!running) return begin();
    next = running.then(begin, begin);
    return next;
  }

  return {
    url: () => settled,
    position: askInTurn,
    async dispose() {
      const last = current;
      current = null;
      await last?.then((client) => client.end()).catch(() => undefined);
    },
  };
}
