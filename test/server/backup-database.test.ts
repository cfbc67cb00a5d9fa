import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { dumpDatabase } from "../../server/backup/dump.ts";
import { restoreDump } from "../../server/backup/restore-dump.ts";
import { listMigrations } from "../../server/database/migrate.ts";
import { describeDatabase } from "../support/backup/catalogue.ts";
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

/** The lines of all tables; where a row lies in its table doesn't matter. */
const rowsIn = (bytes: Buffer) =>
  [...bytes.toString().matchAll(/^COPY [^\n]*\n.*?^\\\.$/gms)].map(([block]) =>
    block.split("\n").sort().join("\n"),
  );

const without = (lines: string[], others: string[]) => lines.filter((line) => !others.includes(line));
