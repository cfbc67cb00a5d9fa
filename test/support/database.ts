import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { listMigrations, MIGRATIONS_FOLDER, migrate } from "../../server/database/migrate.ts";
import { leaseServer, type ServerLease } from "./database-server.ts";

export interface TestDatabase {
  url: string;
  /** Drops the database; rejects when somebody is still connected to it, which is a leak of the test. */
  dispose(): Promise<void>;
}

const TEMPLATE_LOCK = 42;
/** A leak stays for ever; who only is slow has gone by then. */
const GOODBYE_MS = 30_000;

let shared: { lease: Promise<ServerLease>; users: number } | undefined;

/**
 * A database of its own for a test: a copy of one that was migrated once, or an empty one with
 * `migrated: false`. The server starts with the first database and stops with the last. `goodbyeMs` is how long its
 * clients may take to leave.
 */
export async function createTestDatabase({
  migrated = true,
  goodbyeMs = GOODBYE_MS,
} = {}): Promise<TestDatabase> {
  shared ??= { lease: leaseServer(), users: 0 };
  const own = shared;
  own.users += 1;
  const leave = async () => {
    own.users -= 1;
    if (own.users > 0) return;
    if (shared === own) shared = undefined;
    await (await own.lease).release();
  };
  try {
    const lease = await own.lease;
    const name = `test_${randomBytes(6).toString("hex")}`;
    const template = migrated ? await migratedTemplate(lease) : "template0";
    await lease.client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
    return {
      url: lease.urlOf(name),
      async dispose() {
        const guests = await remainingGuests(lease.client, name, goodbyeMs);
        await lease.client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await leave();
        if (guests.length > 0) {
          throw new Error(`Connections left open to the test database: ${guests.join("; ")}`);
        }
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** The name of the database that all migrations have run on; made by whoever needs it first. */
async function migratedTemplate({ client, urlOf }: ServerLease): Promise<string> {
  const hash = createHash("sha256");
  for (const name of listMigrations()) {
    hash.update(name).update(fs.readFileSync(path.join(MIGRATIONS_FOLDER, name)));
  }
  const template = `template_${hash.digest("hex").slice(0, 12)}`;
  await client.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  try {
    const { rows } = await client.query("SELECT datistemplate FROM pg_database WHERE datname = $1", [
      template,
    ]);
    if (rows[0]?.datistemplate) return template;
    await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${template} TEMPLATE template0`);
    await migrate(urlOf(template), { logger: { info() {} } });
    await remainingGuests(client, template);
    await client.query(`ALTER DATABASE ${template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    return template;
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  }
}

/** Who is connected after all have had time to leave. */
async function remainingGuests(
  client: pg.Client,
  database: string,
  goodbyeMs = GOODBYE_MS,
): Promise<string[]> {
  const deadline = Date.now() + goodbyeMs;
  for (;;) {
    const { rows } = await client.query(
      "SELECT application_name, left(query, 80) AS query FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
      [database],
    );
    if (rows.length === 0 || Date.now() > deadline) {
      return rows.map(({ application_name, query }) => `${application_name || "unnamed"} (${query})`);
    }
    await sleep(20);
  }
}
