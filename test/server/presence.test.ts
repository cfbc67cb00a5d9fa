import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import pg from "pg";
import { presenceOf } from "../../server/models/presence.ts";
import { startNotices } from "../../server/queue/notices.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.dispose());

/** After that the database asks whether a connection that is silent still has another end. */
const KEEPALIVE_SECONDS = 20;
/** What Linux counts in. */
const TICKS_A_SECOND = 100;
const KEEPALIVE_TIMER = "02";
const POSTGRES_PORT = 5432;

/** In how many seconds the database asks whether a client is still there; null while something is under way to it. */
async function secondsToQuestion(clientPort: number, databasePort: number): Promise<number | null> {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((name) => readFile(name, "utf8").catch(() => ""));
  const table = (await Promise.all(tables)).join("\n");
  const [remote, local] = [clientPort, databasePort].map(
    (port) => `:${port.toString(16).toUpperCase().padStart(4, "0")}`,
  );
  // The database's end of the connection: its columns are number, local and remote address, state, queues, timer.
  // Another connection may have the client's port too, to another server.
  const line = table.split("\n").find((row) => {
    const [, from, to] = row.trim().split(/\s+/);
    return from?.endsWith(local) && to?.endsWith(remote);
  });
  const [kind, ticks] = line?.trim().split(/\s+/)[5].split(":") ?? [];
  return kind === KEEPALIVE_TIMER ? Number.parseInt(ticks, 16) / TICKS_A_SECOND : null;
}

test("a process whose machine is gone in silence is soon missed", async () => {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const notices = await startNotices({
    url: database.url,
    logger: logger as never,
    presence: presenceOf("web"),
  });
  const client = new pg.Client({ connectionString: database.url });
  try {
    await client.connect();
    const sql = "SELECT client_port FROM pg_stat_activity WHERE pid = $1";
    const [{ client_port: port }] = (await client.query(sql, [notices.session()])).rows;
    // Other systems don't tell of their timers.
    if (process.platform !== "linux") return;
    let seconds: number | null = null;
    await until("nothing is under way", async () => {
      seconds = await secondsToQuestion(port, Number(new URL(database.url).port) || POSTGRES_PORT);
      return seconds !== null;
    });
    assert.ok(seconds! <= KEEPALIVE_SECONDS, `the database asks after ${seconds} s`);
  } finally {
    await client.end();
    await notices.dispose();
  }
});
