import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { AppError } from "../errors.ts";
import { type DumpEvent, readDumpText } from "./dump-text.ts";
import { openSession } from "./session.ts";
import type { DumpFigures, Watched } from "./types.ts";

interface RestoreDumpOptions extends Watched {
  /** An empty database. */
  url: string;
  /** What `dumpDatabase` gave. It is destroyed where the restore fails. */
  stream: Readable;
}

/**
 * Loads a dump in one transaction: afterwards all of it is there, or nothing. Every table's rows are counted and
 * compared with what was dumped.
 * @throws AppError `database-not-empty`, `backup-damaged`
 */
export async function restoreDump(options: RestoreDumpOptions): Promise<DumpFigures> {
  const { url, stream, signal, onProgress } = options;
  const stop = new AbortController();
  const abort = () => {
    stop.abort(signal?.reason);
    stream.destroy(signal?.reason);
  };
  // It may be destroyed before anybody reads it; whoever reads it then hears of that.
  stream.on("error", () => undefined);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  let client: pg.Client | undefined;
  try {
    client = await openSession(url, stop.signal);
    await client.query("BEGIN");
    await assertEmpty(client);
    const figures = await load(client, readDumpText(stream as AsyncIterable<Buffer>), onProgress);
    await client.query("COMMIT");
    return figures;
  } catch (error) {
    stream.destroy();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", abort);
    await client?.end().catch(() => undefined);
  }
}

/** Runs the statements and loads the rows; compares what came with what was dumped. */
export async function load(
  client: pg.Client,
  events: AsyncGenerator<DumpEvent>,
  onProgress: Watched["onProgress"],
): Promise<DumpFigures> {
  const tables: { rows: number; sha256: string }[] = [];
  let figures: DumpFigures | undefined;
  let doneBytes = 0;
  for (;;) {
    const { value: event } = await events.next();
    if (!event) break;
    if (event.kind === "statement") await client.query(event.sql);
    if (event.kind === "end") figures = event.figures;
    if (event.kind !== "copy") continue;
    const copy = client.query(copyFrom(event.sql));
    const rows = async function* () {
      for (;;) {
        const { value: next } = await events.next();
        if (next?.kind !== "rows") {
          if (next?.kind === "copied") tables.push({ rows: next.rows, sha256: next.sha256 });
          return;
        }
        doneBytes += next.bytes.length;
        onProgress?.({ phase: "database", doneBytes, totalBytes: null, done: tables.length, total: null });
        yield next.bytes;
      }
    };
    await pipeline(Readable.from(rows()), copy);
    if (copy.rowCount !== tables.at(-1)?.rows) throw new AppError("backup-damaged");
  }
  const dumped = figures?.tables.map(({ rows, sha256 }) => ({ rows, sha256 }));
  if (!figures || !isDeepStrictEqual(dumped, tables)) throw new AppError("backup-damaged");
  return figures;
}

/** What an extension brought does no harm. */
async function assertEmpty(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
      LIMIT 1`,
  );
  if (rowCount) throw new AppError("database-not-empty");
}
