import type { Readable } from "node:stream";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { type DumpEvent, readDumpText } from "../../backup/dump-text.ts";
import type { TableFigures } from "../../backup/manifest.ts";
import { load } from "../../backup/restore-dump.ts";
import { LineSplitter, RowsHash } from "../../backup/rows-hash.ts";
import { openSession } from "../../backup/session.ts";
import type { Watched } from "../../backup/types.ts";
import { clientOptions, HeardClient } from "../../database/connect.ts";
import { migrate } from "../../database/migrate.ts";
import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { hasCode } from "../../system-errors.ts";
import { ASIDE, dropSchema } from "./schemas.ts";

/** How PgBouncer answers to a startup parameter that it does not know. */
const PROTOCOL_VIOLATION = "08P01";

interface Options extends Watched {
  url: string;
  /** A dump's text. It is destroyed where this fails. */
  stream: Readable;
  tables: TableFigures[];
  logger: Logger;
  signal: AbortSignal;
}

/**
 * Loads a dump into a schema beside the one in use, reads all of it back, compares it with the backup's figures and
 * brings it to the present form. Nothing else is touched.
 * @throws AppError `backup-damaged`, `restore-refused`
 */
export async function loadAside({ url, stream, tables, logger, signal, onProgress }: Options): Promise<void> {
  let client: pg.Client | undefined;
  try {
    client = await openSession(url, signal);
    await client.query("BEGIN");
    await dropSchema(client, ASIDE);
    await client.query(`CREATE SCHEMA ${ASIDE}`).catch((error) => {
      throw error.code === "42501" ? new AppError("restore-refused", { cause: error }) : error;
    });
    await load(client, aside(readDumpText(stream as AsyncIterable<Buffer>)), onProgress);
    await client.query("COMMIT");
    await compare(client, tables);
  } catch (error) {
    stream.destroy();
    throw signal.aborted ? signal.reason : error;
  } finally {
    await client?.end().catch(() => undefined);
  }
  const within = urlWithPath(url, ASIDE);
  await requirePath(within, signal);
  await migrate(within, { logger });
}

/** Connection poolers refuse or ignore what the URL asks of the connection; then the present state would be migrated. */
async function requirePath(url: string, signal: AbortSignal): Promise<void> {
  const client = new HeardClient({ ...clientOptions(url), connectionTimeoutMillis: 10_000 });
  let schema: string | undefined;
  try {
    await client.connect();
    schema = (await client.query<{ schema: string }>("SELECT current_schema() AS schema")).rows[0].schema;
  } catch (error) {
    signal.throwIfAborted();
    if (!hasCode(error, PROTOCOL_VIOLATION)) throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
  if (schema === ASIDE) return;
  throw new AppError("restore-refused", {
    detail: {
      en: "DATABASE_URL leads to a connection pooler that does not pass the search path on. Restore with the URL of PostgreSQL itself: DATABASE_URL=… npm run restore.",
      ru: "DATABASE_URL ведёт к пулу соединений, который не передаёт search_path. Восстановите с адресом самого PostgreSQL: DATABASE_URL=… npm run restore.",
    },
  });
}

/** The same statements for another schema. What a function does is left alone: it runs in the end as it was written. */
async function* aside(events: AsyncGenerator<DumpEvent>): AsyncGenerator<DumpEvent> {
  for await (const event of events) {
    if (event.kind !== "statement" && event.kind !== "copy") yield event;
    else yield { ...event, sql: inSchema(event.sql) };
  }
}

function inSchema(sql: string): string {
  const isRoutine = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) /.test(sql);
  const headEnd = isRoutine ? sql.search(/\nAS \$/) : -1;
  const end = headEnd < 0 ? sql.length : headEnd;
  return sql.slice(0, end).replaceAll(/\bpublic\./g, `${ASIDE}.`) + sql.slice(end);
}

/** Whether what stands in the tables now is what was dumped, row by row. */
async function compare(client: pg.Client, tables: TableFigures[]): Promise<void> {
  for (const { name, rows, sha256 } of tables) {
    const table = inSchema(name);
    const columns = await client.query<{ name: string }>(
      `SELECT quote_ident(attname) AS name FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
      [table],
    );
    const found = new RowsHash();
    const splitter = new LineSplitter();
    const list = columns.rows.map((column) => column.name).join(", ");
    const text = client.query(copyTo(`COPY ${table} (${list}) TO STDOUT`));
    for await (const chunk of text as AsyncIterable<Buffer>) splitter.push(chunk, (line) => found.add(line));
    if (found.rows !== rows || found.sum() !== sha256) throw new AppError("backup-damaged");
  }
}

/** The URL of the same database for which unqualified names mean another schema. */
function urlWithPath(url: string, schema: string): string {
  const other = new URL(url);
  const given = other.searchParams.get("options");
  other.searchParams.set("options", `${given ? `${given} ` : ""}-c search_path=${schema}`);
  return other.href;
}
