import { randomBytes } from "node:crypto";
import pg from "pg";
import { clientOptions, HeardClient } from "../database/connect.ts";
import { AppError } from "../errors.ts";

const PREFIX = "photo_to_3d_scratch_";
const INSUFFICIENT_PRIVILEGE = "42501";

export interface ScratchDatabase {
  name: string;
  url: string;
  /** Also throws out whoever is connected. */
  drop(): Promise<void>;
}

/**
 * An empty database on the same server, to restore into.
 * @throws AppError `scratch-database-refused` where the role of the URL may not create databases
 */
export async function createScratchDatabase(url: string): Promise<ScratchDatabase> {
  const name = await withServer(url, async (client) => {
    const { rows } = await client.query<{ oid: string }>(
      "SELECT oid::text FROM pg_database WHERE datname = current_database()",
    );
    const seconds = Math.floor(Date.now() / 1000);
    const name = `${PREFIX}${rows[0].oid}_${seconds}_${randomBytes(4).toString("hex")}`;
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    } catch (error) {
      if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
      throw new AppError("scratch-database-refused", { cause: error });
    }
    return name;
  });
  return {
    name,
    url: urlOfDatabase(url, name),
    drop: () => withServer(url, (client) => dropDatabase(client, name)),
  };
}

/** The URL with another database of the same server. */
export function urlOfDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/**
 * Drops what processes that were killed have left: all of this database's, whose holder of the lock the caller must be,
 * and those of other databases (or none that is known) that have been there for longer. Returns how many went.
 */
export async function dropLeftScratchDatabases(url: string, othersOlderThanSeconds: number): Promise<number> {
  return withServer(url, async (client) => {
    const { rows } = await client.query<{ datname: string; oid: string }>(
      `SELECT datname, (SELECT oid FROM pg_database WHERE datname = current_database())::text AS oid
         FROM pg_database WHERE datname ~ $1 AND pg_has_role(datdba, 'MEMBER')`,
      [`^${PREFIX}([0-9]+_)?[0-9]+_[0-9a-f]{8}$`],
    );
    const newest = Date.now() / 1000 - othersOlderThanSeconds;
    const left = rows.filter(({ datname, oid }) => {
      const [madeAt, owner] = datname.slice(PREFIX.length).split("_").slice(0, -1).reverse();
      return owner === oid || Number(madeAt) <= newest;
    });
    for (const { datname } of left) await dropDatabase(client, datname);
    return left.length;
  });
}

const dropDatabase = async (client: pg.Client, name: string): Promise<void> => {
  await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
};

async function withServer<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new HeardClient({
    ...clientOptions(url),
    application_name: "photo-to-3d backup",
    connectionTimeoutMillis: 10_000,
  });
  try {
    await client.connect();
    return await act(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
