import pg from "pg";
import { parse, toClientConfig } from "pg-connection-string";
import { Sequelize } from "sequelize";
import { asLibpqMeans } from "./libpq-tls.ts";

export interface PoolSize {
  max: number;
  min: number;
  /** How long a caller waits for a free connection. */
  acquireMs: number;
  /** After how long an unused connection above `min` is closed. */
  idleMs: number;
}

interface Patience {
  keepAlive: boolean;
  connectionTimeoutMillis: number;
  query_timeout: number;
}

export interface ConnectOptions {
  url: string;
  pool: PoolSize;
  /** Default `PATIENCE`. */
  patience?: Patience;
  /** Called for every statement with its duration in milliseconds. */
  logQuery?: (sql: string, milliseconds: number) => void;
}

/**
 * A database URL as options for a `pg` client. TLS goes by `sslmode` with libpq's meanings
 * (https://www.postgresql.org/docs/current/libpq-ssl.html): `disable`, `require` (encrypted, not verified unless
 * `sslrootcert` is given), `verify-ca`, `verify-full`. Where it is left open, `reachDatabase` settles it first.
 */
export function clientOptions(url: string): pg.ClientConfig {
  const own = new URL(url).searchParams.has("uselibpqcompat");
  return toClientConfig(parse(asLibpqMeans(url), { useLibpqCompat: !own }));
}

/**
 * A connection that the server cuts before its owner listens (between the greeting and the next tick) must fail the
 * owner's next query, not end the process as an event that nobody hears.
 */
export class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on("error", () => undefined);
  }
}

/**
 * How long a connection and an answer are waited for, in every pool: without it a server that hangs, or a way that is
 * cut in silence, holds its caller for ever.
 */
export const PATIENCE: Patience = { keepAlive: true, connectionTimeoutMillis: 10_000, query_timeout: 20_000 };
/** A transaction whose owner is stuck gives its locks back; far beyond what any takes between two statements. */
const IDLE_TRANSACTION_MS = 30_000;

/** The pool all models share. Nothing is connected yet; `close()` it at the end. */
export function connectDatabase({ url, pool, patience = PATIENCE, logQuery }: ConnectOptions): Sequelize {
  const { user, password, host, port, database, ssl, options, application_name } = clientOptions(url);
  const sequelize = new Sequelize({
    dialect: "postgres",
    dialectModule: Object.assign(Object.create(pg), { Client: HeardClient }),
    username: user,
    password: password as string,
    host,
    port,
    database,
    dialectOptions: {
      application_name: application_name ?? "photo-to-3d",
      ...patience,
      ...(ssl !== undefined && { ssl }),
      ...(options !== undefined && { options }),
    },
    pool: { max: pool.max, min: pool.min, acquire: pool.acquireMs, idle: pool.idleMs },
    benchmark: logQuery !== undefined,
    logging: logQuery ? (sql, milliseconds) => logQuery(sql, milliseconds ?? 0) : false,
  });
  // Not as a start-up parameter, which connection poolers refuse.
  sequelize.addHook("afterConnect", async (connection) => {
    await (connection as pg.Client).query(`SET idle_in_transaction_session_timeout = ${IDLE_TRANSACTION_MS}`);
  });
  return sequelize;
}
