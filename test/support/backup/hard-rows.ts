import pg from "pg";

/** Contents on which copies usually break. */
export const HARD_TABLE = `
  CREATE TYPE "Mood ""quoted""" AS ENUM ('good', 'so ''so''', E'back\\\\slash');
  CREATE SEQUENCE odd_numbers INCREMENT BY 2 MINVALUE -5 START WITH 1 CACHE 3 CYCLE;
  CREATE FUNCTION doubled(int) RETURNS int IMMUTABLE LANGUAGE sql AS $f$ SELECT $1 * 2; -- ;
$f$;
  CREATE TABLE "Hard Rows" (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5),
    serial serial, odd int DEFAULT nextval('odd_numbers'),
    "select" text COLLATE "C", "we""ird" varchar(10), json jsonb DEFAULT '{"a": "\\\\."}', plain json, bytes bytea,
    texts text[], grid int[][], moment timestamptz(3), local timestamp, day date, span interval, clock timetz,
    exact numeric(40,20), loose numeric, double float8, single float4, uuid uuid, mood "Mood ""quoted""",
    address inet, words tsvector, bits bit varying, range int4range, xml xml,
    twice int GENERATED ALWAYS AS (doubled(serial)) STORED,
    CONSTRAINT "odd name" CHECK (serial > 0), PRIMARY KEY (id) INCLUDE (odd),
    UNIQUE NULLS NOT DISTINCT (odd, local), EXCLUDE USING gist (range WITH &&) DEFERRABLE INITIALLY DEFERRED
  ) WITH (fillfactor = 55);
  ALTER TABLE "Hard Rows" DROP COLUMN clock;
  CREATE INDEX "part of it" ON "Hard Rows" (left(lower("select"), 20) DESC NULLS LAST, (json -> 'a')) WHERE odd > 1;
  CREATE FUNCTION row_text("Hard Rows") RETURNS text LANGUAGE sql AS 'SELECT $1."select"';
  CREATE FUNCTION hard_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW."we""ird" := 'changed';
    RETURN NEW;
  END $$;
  CREATE TRIGGER guard BEFORE INSERT ON "Hard Rows" FOR EACH ROW EXECUTE FUNCTION hard_guard();
  ALTER TABLE "Hard Rows" DISABLE TRIGGER guard;
  CREATE TABLE child (hard bigint REFERENCES "Hard Rows" ON DELETE CASCADE DEFERRABLE, note text);
  CREATE UNLOGGED TABLE empty_one (nothing text)`;

const TEXTS = [
  "",
  "\\N",
  "\\.",
  "\n\\.\n",
  "a\tb\r\nc\\d\\\\e\b\f\v",
  "-- statement",
  "NULL",
  "Слон 🐘 \u0301 \u202e \ufeff \u{10ffff}",
  "'; DROP TABLE users; --",
  "$$ $f$",
];

export async function fillHardRows(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(HARD_TABLE);
    const insert = `INSERT INTO "Hard Rows" ("select", "we""ird", json, plain, bytes, texts, grid, moment, local, day, span, exact,
      loose, double, single, uuid, mood, address, words, bits, range, xml) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
      $12, $13, $14, $15, $16, $17, $18, to_tsvector('simple', $19), $20, $21, $22)`;
    for (const [index, text] of TEXTS.entries()) {
      const isOdd = index % 2 === 1;
      const values = [
        text,
        text.slice(0, 10),
        JSON.stringify({ text, deep: [null, { number: 1e300 }] }),
        `{ "order":1,  "order":2, "text": ${JSON.stringify(text)} }`,
        Buffer.from([...Array(256).keys()]),
        [text, null, '"', "{},", "NULL"],
        "{{1,2},{NULL,-4}}",
        isOdd ? "infinity" : "2026-11-22 00:00:00.123+05:45",
        isOdd ? "-infinity" : "4713-01-01 00:00:00 BC",
        isOdd ? "5874897-12-31" : "0001-01-01 BC",
        "-1 year 3 mons -2 days 04:05:06.789",
        "12345678901234567890.12345678901234567890",
        isOdd ? "NaN" : "1e-1000",
        [Number.NaN, Number.POSITIVE_INFINITY, 5e-324, -0, 0.1][index % 5],
        [1.1754944e-38, 3.4028235e38, 0.1][index % 3],
        "0190163d-8694-739b-aea5-966c26f8ad91",
        ["good", "so 'so'", "back\\slash"][index % 3],
        "2001:db8::/32",
        "it's a \\ word",
        "10110",
        `[${index * 10},${index * 10 + 9})`,
        "<a>&amp;</a>",
      ];
      await client.query(insert, values);
    }
    await client.query('INSERT INTO "Hard Rows" (odd) VALUES (NULL)');
    await client.query('INSERT INTO "Hard Rows" ("select", bytes) VALUES ($1, $2)', [
      "ж\\\n".repeat(1_500_000),
      Buffer.alloc(3_000_000, "\\\n\0"),
    ]);
    await client.query(`INSERT INTO child SELECT id, 'of ' || id FROM "Hard Rows"`);
  } finally {
    await client.end();
  }
}
