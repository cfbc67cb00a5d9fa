import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { MIGRATION_LOCK } from "../database/migrate.ts";
import { type DumpedTable, readSchema } from "./dump-schema.ts";
import { END_OF_ROWS, markOf, titleOf } from "./dump-text.ts";
import type { TableFigures } from "./manifest.ts";
import { LineSplitter, RowsHash } from "./rows-hash.ts";
import { openSession, settingsAsSql } from "./session.ts";
import type { Dump, DumpFigures, Watched } from "./types.ts";

/**
 * The schema `public` of a database: what it is made of and all its rows, as of one moment. It is read as fast as the
 * stream is, and the snapshot is held until then. The queue's own schema stays out: pg-boss makes it at the start, and
 * the sweep asks anew for every job, because the rows of generations say what is to be done.
 */
export function dumpDatabase({ url, signal, onProgress }: { url: string } & Watched): Dump {
  const stop = new AbortController();
  let figures: DumpFigures | undefined;

  async function* text(): AsyncGenerator<string | Buffer> {
    const client = await openSession(url, stop.signal);
    try {
      const schema = await takeSnapshot(client);
      const token = randomBytes(12).toString("hex");
      const mark = markOf(token);
      const sum = { bytes: 0, tables: [] as TableFigures[] };
      const report = () =>
        onProgress?.({
          phase: "database",
          doneBytes: sum.bytes,
          totalBytes: null,
          done: sum.tables.length,
          total: schema.tables.length,
        });
      yield titleOf(token, settingsAsSql());
      for (const sql of schema.before) yield `${mark}statement\n${sql}\n`;
      for (const table of schema.tables) {
        yield `${mark}copy\nCOPY ${table.name} (${table.columns.join(", ")}) FROM stdin;\n`;
        const rows = new RowsHash();
        for await (const chunk of readRows(client, table, rows)) {
          sum.bytes += chunk.length;
          yield chunk;
          report();
        }
        yield `${END_OF_ROWS}\n`;
        sum.tables.push({ name: table.name, rows: rows.rows, sha256: rows.sum() });
        report();
      }
      for (const sql of schema.after) yield `${mark}statement\n${sql}\n`;
      figures = { tables: sum.tables, ...(await readFacts(client)), omitted: schema.omitted };
      yield `${mark}end ${JSON.stringify(figures)}\nCOMMIT;\n`;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  const stream = Readable.from(text(), { objectMode: false });
  const destroy = stream._destroy;
  // A statement that hangs would hold up the end of the generator.
  stream._destroy = (error, callback) => {
    stop.abort(error);
    destroy.call(stream, error, callback);
  };
  const abort = () => stream.destroy(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  stream.once("close", () => signal?.removeEventListener("abort", abort));
  const done = finished(stream).then(() => figures as DumpFigures);
  // Whoever only reads the stream hears of it there.
  done.catch(() => undefined);
  return { stream, done };
}

/**
 * Holds all tables so that nobody changes the schema below the snapshot. Migrations are waited for before it, so that
 * their list and the tables agree.
 */
async function takeSnapshot(client: pg.Client) {
  await client.query(`SELECT pg_advisory_lock_shared(${MIGRATION_LOCK})`);
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const schema = await readSchema(client);
  const names = schema.tables.map(({ name }) => name).join(", ");
  if (names) await client.query(`LOCK TABLE ${names} IN ACCESS SHARE MODE`);
  await client.query(`SELECT pg_advisory_unlock_shared(${MIGRATION_LOCK})`);
  return schema;
}

async function* readRows(client: pg.Client, { name, columns }: DumpedTable, hash: RowsHash) {
  const splitter = new LineSplitter();
  const rows = client.query(copyTo(`COPY ${name} (${columns.join(", ")}) TO STDOUT`));
  for await (const chunk of rows as AsyncIterable<Buffer>) {
    splitter.push(chunk, (line) => hash.add(line));
    yield chunk;
  }
}

async function readFacts(client: pg.Client) {
  const { rows } = await client.query<{ at: Date; version: string; hasMigrations: boolean }>(
    `SELECT now() AS at, current_setting('server_version') AS version,
            to_regclass('public."SequelizeMeta"') IS NOT NULL AS "hasMigrations"`,
  );
  const [{ at, version, hasMigrations }] = rows;
  const migrations = hasMigrations
    ? (await client.query<{ name: string }>('SELECT name FROM public."SequelizeMeta" ORDER BY name')).rows
    : [];
  return { snapshotAt: at, serverVersion: version, migrations: migrations.map(({ name }) => name) };
}
