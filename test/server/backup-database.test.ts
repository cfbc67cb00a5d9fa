import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import pg from "pg";
import { dumpDatabase } from "../../server/backup/dump.ts";
import { restoreDump } from "../../server/backup/restore-dump.ts";
import { createScratchDatabase, dropLeftScratchDatabases } from "../../server/backup/scratch-database.ts";
import { listMigrations } from "../../server/database/migrate.ts";
import { describeDatabase } from "../support/backup/catalogue.ts";
import { findPsql, runPsql } from "../support/backup/find-psql.ts";
import { fillHardRows } from "../support/backup/hard-rows.ts";
import { createTestDatabase } from "../support/database.ts";

const source = await createTestDatabase();
await fillHardRows(source.url);
const { text, figures } = await dumpWhole(source.url);
test.after(() => source.dispose());

async function dumpWhole(url: string) {
  const { stream, done } = dumpDatabase({ url });
  const bytes = await buffer(stream);
  return { text: bytes, figures: await done };
}

/** Cut as a network would. */
const pieces = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    ),
  );

test("a dump restores to the same schema and the same rows", async () => {
  const empty = await createTestDatabase({ migrated: false });
  try {
    const restored = await restoreDump({ url: empty.url, stream: pieces(text, 1000) });
    assert.deepEqual(restored, figures);
    const [made, wanted] = [await describeDatabase(empty.url), await describeDatabase(source.url)];
    assert.deepEqual(without(made, wanted), []);
    assert.deepEqual(without(wanted, made), []);
    const again = await dumpWhole(empty.url);
    assert.deepEqual(again.figures.tables, figures.tables);
    assert.deepEqual(rowsIn(again.text), rowsIn(text));
    assert.deepEqual(figures.migrations, listMigrations());
    assert.deepEqual(figures.omitted, []);
    assert.equal(figures.tables.find(({ name }) => name === 'public."Hard Rows"')?.rows, 12);
  } finally {
    await empty.dispose();
  }
});

test("psql restores a dump by hand, and nothing of a damaged one", async (t) => {
  const psql = await findPsql();
  t.diagnostic(
    psql ? `${psql.version} was used` : "no psql could be had: its meaning of the text is not tried",
  );
  if (!psql) return;
  for (const isWhole of [false, true]) {
    const empty = await createTestDatabase({ migrated: false });
    try {
      const cut = text.subarray(0, text.lastIndexOf("ALTER TABLE ONLY"));
      const code = await runPsql(psql, empty.url, isWhole ? text : cut);
      assert.equal(code, 0);
      const tables = (await describeDatabase(empty.url)).length;
      if (isWhole) assert.deepEqual((await dumpWhole(empty.url)).figures.tables, figures.tables);
      else assert.equal(tables, 0);
    } finally {
      await empty.dispose();
    }
  }
});

test("a dump is of one moment while others write", async () => {
  const database = await createTestDatabase({ migrated: false });
  const writer = new pg.Client({ connectionString: database.url });
  await writer.connect();
  try {
    // Two tables of one sum, more than the buffers on the way hold, so that the second is read after the writing.
    await writer.query("CREATE TABLE a (n int, pad text); CREATE TABLE b (n int)");
    await writer.query(
      "INSERT INTO a SELECT n, repeat(md5(n::text), 1000) FROM generate_series(1, 2000) n; INSERT INTO b SELECT n FROM a",
    );
    const { stream, done } = dumpDatabase({ url: database.url });
    const chunks = stream[Symbol.asyncIterator]();
    const start = [await chunks.next(), await chunks.next()].map(({ value }) => value);
    await writer.query("DELETE FROM b WHERE n > 10; UPDATE a SET n = -n; INSERT INTO b VALUES (7777)");
    await writer.query("CREATE TABLE later (n int)");
    const rest = await buffer(
      Readable.from({ [Symbol.asyncIterator]: () => chunks }) as unknown as AsyncIterable<Buffer>,
    );
    const { tables } = await done;
    assert.deepEqual(
      tables.map(({ name, rows }) => [name, rows]),
      [
        ["public.a", 2000],
        ["public.b", 2000],
      ],
    );
    const whole = Buffer.concat([...start.map((chunk) => Buffer.from(chunk)), rest]).toString();
    assert.doesNotMatch(whole, /^-\d/m);
    assert.doesNotMatch(whole, /^7777$/m);
  } finally {
    await writer.end();
    await database.dispose();
  }
});

test("a dump and a restore that are stopped, cut off or damaged leave nothing", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const dump = dumpDatabase({ url: source.url, signal: stop.signal, onProgress: () => stop.abort(reason) });
  await assert.rejects(buffer(dump.stream), reason);
  await assert.rejects(dump.done, reason);

  const empty = await createTestDatabase({ migrated: false });
  const admin = new pg.Client({ connectionString: empty.url, application_name: "admin" });
  await admin.connect();
  try {
    const halt = new AbortController();
    await assert.rejects(
      restoreDump({
        url: empty.url,
        stream: pieces(text, 50_000),
        signal: halt.signal,
        onProgress: () => halt.abort(reason),
      }),
      reason,
    );
    const cutOff = async function* () {
      const middle = Math.floor(text.length / 2);
      yield text.subarray(0, middle);
      await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'photo-to-3d backup' AND datname = current_database()",
      );
      yield text.subarray(middle);
    };
    await assert.rejects(restoreDump({ url: empty.url, stream: Readable.from(cutOff()) }));
    for (const bytes of [text.subarray(0, -60), swapped(text), Buffer.from("SELECT 1;\n"), Buffer.alloc(0)]) {
      await assert.rejects(restoreDump({ url: empty.url, stream: pieces(bytes, 65_536) }), {
        code: "backup-damaged",
      });
    }
    await assert.rejects(restoreDump({ url: source.url, stream: pieces(text, 65_536) }), {
      code: "database-not-empty",
    });
    assert.deepEqual(await describeDatabase(empty.url), []);
  } finally {
    await admin.end();
    await empty.dispose();
  }
});

/** One letter of a row is another one. */
const swapped = (bytes: Buffer) => Buffer.from(bytes.toString().replace("\tgood\t", "\tback\\\\slash\t"));

test("a scratch database comes and goes; a role that may not have one is told so", async () => {
  const scratch = await createScratchDatabase(source.url);
  await restoreDump({ url: scratch.url, stream: pieces(text, 65_536) });
  assert.deepEqual((await dumpWhole(scratch.url)).figures.tables, figures.tables);
  const admin = new pg.Client({ connectionString: source.url });
  await admin.connect();
  const role = `plain_${scratch.name.slice(-8)}`;
  try {
    await scratch.drop();
    const left = await createScratchDatabase(source.url);
    const others = await createScratchDatabase(left.url);
    assert.equal(await dropLeftScratchDatabases(others.url, 3600), 0);
    // All of its own at once, those of other databases after their time.
    assert.equal(await dropLeftScratchDatabases(source.url, 3600), 1);
    await admin.query(`DROP DATABASE ${others.name}`);
    const { rows } = await admin.query("SELECT datname FROM pg_database WHERE datname IN ($1, $2)", [
      scratch.name,
      left.name,
    ]);
    assert.deepEqual(rows, []);
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'`);
    const url = new URL(source.url);
    [url.username, url.password] = [role, "plain"];
    await assert.rejects(createScratchDatabase(url.href), { code: "scratch-database-refused" });
  } finally {
    await admin.query(`DROP ROLE IF EXISTS ${role}`);
    await admin.end();
  }
});

/** The lines of all tables; where a row lies in its table doesn't matter. */
const rowsIn = (bytes: Buffer) =>
  [...bytes.toString().matchAll(/^COPY [^\n]*\n.*?^\\\.$/gms)].map(([block]) =>
    block.split("\n").sort().join("\n"),
  );

const without = (lines: string[], others: string[]) => lines.filter((line) => !others.includes(line));
