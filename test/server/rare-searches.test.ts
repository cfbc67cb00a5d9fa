import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import type { Model } from "../../server/contract/model.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const COMMON = 1100;
const RARE = ["delta", "Alpha", "echo", "Bravo", "charlie"];

const FILL = `
  INSERT INTO models_3d (id, user_id, name, tags, dimensions, stats, created_at, updated_at)
  SELECT gen_random_uuid(), $1, name, tags, '{"length": 1, "width": 1, "height": 1, "unit": "cm"}',
    '{"triangles": 1, "vertices": 3, "materials": 1, "textures": [], "watertight": false,
      "boundingBoxMetres": {"min": [0, 0, 0], "max": [1, 1, 1]}}',
    now() - n * interval '1 minute', now() - (n * 7 % 10) * interval '1 hour'
  FROM (SELECT n, 'Common ' || n AS name, '{common}'::text[] AS tags FROM generate_series(1, $2::int) AS n
        UNION ALL SELECT n, name || ' rare', '{rare}' FROM unnest($3::text[]) WITH ORDINALITY AS given (name, n)) AS made`;

describe("a search among many models", () => {
  let database: TestDatabase;
  let app: TestApp;
  let client: pg.Client;
  before(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ databaseUrl: database.url });
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(FILL, [LOCAL_USER_ID, COMMON, RARE]);
    await client.query("ANALYZE models_3d");
    // So that the order of an index is taken wherever it can be.
    await client.query("SET enable_sort = off");
  });
  after(async () => {
    await client?.end();
    await app?.dispose();
    await database?.dispose();
  });

  /** How the database goes about the list that a request asks for. */
  async function planOf(query: string): Promise<string> {
    const statements: string[] = [];
    const { options } = app.context.records.sequelize as unknown as {
      options: { logging: false | ((statement: string) => void) };
    };
    options.logging = (statement) => void statements.push(statement.replace(/^Executing \(.*?\): /, ""));
    await app.request(`/api/v1/models?${query}`);
    options.logging = false;
    const list = statements.find((text) => text.includes('FROM "models_3d"') && text.includes("ORDER BY"));
    assert.ok(list, statements.join("\n"));
    const { rows } = await client.query(`EXPLAIN ${list}`);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  }

  for (const sort of ["createdAt", "-createdAt", "-updatedAt", "name"]) {
    it(`sorts the few that are found by ${sort}, and walks through all in that order only for many`, async () => {
      for (const few of ["q=rare", "q=nowhere", "tag=rare", "tag=nowhere"]) {
        assert.match(await planOf(`sort=${sort}&${few}`), /Sort Key/, few);
      }
      for (const many of ["q=common", "tag=common", ""]) {
        assert.doesNotMatch(await planOf(`sort=${sort}&${many}`), /Sort Key: .*(interval|\|\|)/, many);
      }
    });

    it(`gives the few page by page in the order of ${sort}`, async () => {
      const all = (await (await app.request(`/api/v1/models?tag=rare&sort=${sort}&limit=100`)).json()) as {
        items: Model[];
      };
      const key = ({ name, createdAt, updatedAt }: Model) =>
        sort === "name" ? name.toLowerCase() : sort.includes("updated") ? updatedAt : createdAt;
      const keys = all.items.map(key);
      const ordered = keys.toSorted();
      assert.deepEqual(keys, sort.startsWith("-") ? ordered.reverse() : ordered);
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const query: string = `q=rare&sort=${sort}&limit=2${cursor ? `&cursor=${cursor}` : ""}`;
        const page = (await (await app.request(`/api/v1/models?${query}`)).json()) as {
          items: Model[];
          nextCursor: string | null;
        };
        paged.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      assert.deepEqual(
        paged,
        all.items.map(({ id }) => id),
      );
      assert.equal(paged.length, RARE.length);
    });
  }

  it("looks a rare word up alone, and sifts what it finds by the others", async () => {
    await client.query("SET enable_seqscan = off");
    await client.query("SET enable_indexscan = off");
    const plan = await planOf("q=common+1099");
    assert.match(plan, /Index Cond: .*1099/);
    assert.doesNotMatch(plan, /Index Cond: .*common/);
    const namesFor = async (words: string) => {
      const { items } = (await (await app.request(`/api/v1/models?q=${words}`)).json()) as { items: Model[] };
      return items.map(({ name }) => name);
    };
    assert.deepEqual(await namesFor("common+1099"), ["Common 1099"]);
    assert.deepEqual(await namesFor("1099+comm"), ["Common 1099"]);
    assert.deepEqual(await namesFor("rare+1099"), []);
    assert.deepEqual(await namesFor("rare+br"), ["Bravo rare"]);
    assert.deepEqual(await namesFor("common+nowhere"), []);
    assert.deepEqual(await namesFor("---"), []);
  });
});
