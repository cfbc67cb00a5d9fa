import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { LOCK_IS_HELD, takeBackupLock } from "../../server/services/backups/lock.ts";
import { createTestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

/** As long as the server gives a stop by default; both are timers of this process, so no pause of it changes who is first. */
const STOP_MS = 20_000;

/** A way to a database that nobody closes, and on which nothing arrives any more after `mute`. */
async function startSilentWay(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets: Socket[] = [];
  let isMute = false;
  const lostSomething = Promise.withResolvers<void>();
  const pass = (from: Socket, to: Socket) => {
    from.on("data", (bytes) => (isMute ? lostSomething.resolve() : to.write(bytes)));
    from.on("error", () => undefined);
    sockets.push(from);
  };
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    pass(client, database);
    pass(database, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    lostSomething: lostSomething.promise,
    mute() {
      isMute = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

test("a lock whose connection is cut in silence is known to be lost, and can be let go", async () => {
  const database = await createTestDatabase({ migrated: false });
  const way = await startSilentWay(database.url);
  try {
    const lock = await takeBackupLock(way.url, { patienceMs: 5000 });
    assert.ok(lock);
    assert.equal(await takeBackupLock(database.url), null);
    way.mute();
    if (!lock.lost.aborted) await once(lock.lost, "abort");
    await lock.release();
  } finally {
    await way.close();
    await database.dispose();
  }
});

test("on a silent connection neither the end nor giving it back takes as long as a stop may", async () => {
  const database = await createTestDatabase({ migrated: false });
  const way = await startSilentWay(database.url);
  const stop = new AbortController();
  try {
    const lock = await takeBackupLock(way.url);
    assert.ok(lock);
    way.mute();
    // Its own question whether the connection is still there.
    await way.lostSomething;
    for (const work of [lock.tellEnd, lock.release]) {
      const stopping = sleep(STOP_MS, "stopped", { signal: stop.signal }).catch(() => undefined);
      assert.equal(await Promise.race([work(), stopping]), undefined);
    }
  } finally {
    stop.abort();
    await way.close();
    await database.dispose();
  }
});

test("the lock is free as soon as it was let go", async () => {
  const database = await createTestDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: database.url });
  try {
    await client.connect();
    const lock = await takeBackupLock(database.url);
    const held = async () => (await client.query(`SELECT ${LOCK_IS_HELD} AS held`)).rows[0].held;
    assert.equal(await held(), true);
    await lock?.release();
    assert.equal(await held(), false);
  } finally {
    await client.end();
    await database.dispose();
  }
});

test("whoever comes while the end is being told waits until the lock is given back, however long that takes", async () => {
  const database = await createTestDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: database.url });
  const held = await takeBackupLock(database.url);
  try {
    await client.connect();
    await held?.tellEnd();
    let answer: unknown;
    const next = takeBackupLock(database.url, { givingBackMs: 500 }).then((lock) => {
      answer = lock;
      return lock;
    });
    const beganToWait = async () => {
      const { rows } = await client.query<{ at: Date }>(
        `SELECT query_start AS at FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'`,
      );
      return rows[0]?.at.getTime();
    };
    const waits = new Set<number>();
    await until("it has waited more than once", async () => {
      const at = await beganToWait();
      if (at !== undefined) waits.add(at);
      return waits.size > 1 || answer !== undefined;
    });
    assert.equal(answer, undefined);
    await held?.release();
    const lock = await next;
    assert.ok(lock);
    assert.equal(await takeBackupLock(database.url, { givingBackMs: 1 }), null);
    await lock.release();
  } finally {
    await held?.release();
    await client.end();
    await database.dispose();
  }
});

test("whoever comes while the lock is being given back gets it", async () => {
  const database = await createTestDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: database.url });
  try {
    await client.connect();
    const held = await takeBackupLock(database.url);
    const next = takeBackupLock(database.url, { givingBackMs: 60_000 });
    const isWaiting = async () => {
      const { rowCount } = await client.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rowCount === 1;
    };
    while (!(await isWaiting())) await sleep(20);
    await held?.release();
    const lock = await next;
    assert.ok(lock);
    await lock.release();
  } finally {
    await client.end();
    await database.dispose();
  }
});
