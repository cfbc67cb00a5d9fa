import { z } from "zod";
import { AppError } from "../errors.ts";
import { tableSchema } from "./manifest.ts";
import { LineSplitter, RowsHash } from "./rows-hash.ts";

/**
 * The text of a dump: SQL for `psql`, with comment lines between the parts that carry a number drawn for this dump, so
 * that no function's body and no row can be taken for one. The last one holds the figures; without it the text is cut.
 */
const TITLE = "-- Database dump, format 1, marks ";
export const markOf = (token: string) => `-- ${token} `;
export const END_OF_ROWS = "\\.";

export const titleOf = (token: string, settings: string): string =>
  `${TITLE}${token}
-- Into an empty database: psql --no-psqlrc --file=THIS_FILE DATABASE_URL
\\set ON_ERROR_STOP on
BEGIN;
${settings}`;

export const figuresSchema = z.object({
  tables: z.array(tableSchema),
  snapshotAt: z.coerce.date(),
  serverVersion: z.string(),
  migrations: z.array(z.string()),
  omitted: z.array(z.string()),
});

export type DumpEvent =
  | { kind: "statement" | "copy"; sql: string }
  /** Whole rows of the COPY before, as they are to be sent. */
  | { kind: "rows"; bytes: Buffer }
  | { kind: "copied"; rows: number; sha256: string }
  | { kind: "end"; figures: z.infer<typeof figuresSchema> };

/** Reads what `dumpDatabase` wrote. Throws `backup-damaged` where it is something else or ends early. */
export async function* readDumpText(stream: AsyncIterable<Buffer>): AsyncGenerator<DumpEvent> {
  const parser = new DumpParser();
  const splitter = new LineSplitter();
  for await (const chunk of stream) {
    splitter.push(chunk, (line) => parser.take(line));
    yield* parser.events();
  }
  if (!parser.isAtEnd || !splitter.isEmpty) throw new AppError("backup-damaged");
}

class DumpParser {
  isAtEnd = false;
  #mark: string | null = null;
  #kind = "";
  #sql: string[] = [];
  #hash: RowsHash | null = null;
  #rows: Buffer[] = [];
  #events: DumpEvent[] = [];

  take(line: Buffer): void {
    if (this.#hash) this.#takeRow(line, this.#hash);
    else if (this.#mark === null) this.#takeTitle(line.toString());
    else this.#takeText(line.toString(), this.#mark);
  }

  *events(): Generator<DumpEvent> {
    this.#flushRows();
    yield* this.#events.splice(0);
  }

  #takeTitle(line: string): void {
    if (!line.startsWith(TITLE)) throw new AppError("backup-damaged");
    this.#mark = markOf(line.slice(TITLE.length));
  }

  #takeText(line: string, mark: string): void {
    if (line.startsWith(mark)) {
      if (this.#kind === "statement") this.#events.push({ kind: "statement", sql: this.#sql.join("\n") });
      this.#sql = [];
      const [kind, figures] = line.slice(mark.length).split(/ (.*)/s);
      this.#kind = kind;
      if (kind === "end") {
        this.isAtEnd = true;
        this.#events.push({ kind, figures: readFigures(figures) });
      }
    } else if (this.#kind === "copy") {
      this.#events.push({ kind: "copy", sql: line });
      this.#hash = new RowsHash();
      this.#kind = "";
    } else if (this.#kind === "statement") this.#sql.push(line);
  }

  #takeRow(line: Buffer, hash: RowsHash): void {
    if (line.length === 2 && line.toString() === END_OF_ROWS) {
      this.#flushRows();
      this.#events.push({ kind: "copied", rows: hash.rows, sha256: hash.sum() });
      this.#hash = null;
      return;
    }
    hash.add(line);
    this.#rows.push(line, LINE_FEED);
  }

  #flushRows(): void {
    if (this.#rows.length > 0)
      this.#events.push({ kind: "rows", bytes: Buffer.concat(this.#rows.splice(0)) });
  }
}

function readFigures(json: string) {
  try {
    return figuresSchema.parse(JSON.parse(json));
  } catch (error) {
    throw new AppError("backup-damaged", { cause: error });
  }
}

const LINE_FEED = Buffer.from("\n");
