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
  const name = `${PREFIX}${Math.floor(Date.now() / 1000)}_${randomBytes(4).toString("hex")}`;
  await withServer(url, async (client) => {
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    } catch (error) {
      if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
      throw new AppError("scratch-database-refused", { cause: error });
    }
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

/** Drops what processes that were killed have left for longer than this; returns how many databases went. */
export async function dropLeftScratchDatabases(url: string, olderThanSeconds: number): Promise<number> {
  return withServer(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname LIKE $1 AND pg_has_role(datdba, 'MEMBER')",
      [`${PREFIX.replaceAll("_", "\\_")}%`],
    );
    const newest = Date.now() / 1000 - olderThanSeconds;
    const left = rows.filter(({ datname }) => Number(datname.slice(PREFIX.length).split("_")[0]) <= newest);
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
