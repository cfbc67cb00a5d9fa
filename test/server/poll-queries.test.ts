import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import pg from "pg";
import { connectDatabase } from "../../server/database/connect.ts";
import { sweepGenerations } from "../../server/jobs/sweep.ts";
import { claimPolls, findOverdue, peekPolls, readCrowd } from "../../server/models/generation-polls.ts";
import { setProviderLimits } from "../../server/models/provider-limits.ts";
import { defineRecords, type Records } from "../../server/models/records.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { insertRemoteWork } from "../support/remote-work.ts";

const FINISHED = 100_000;
const IN_HAND = 5_000;
/** More than any look may touch, far less than the table has: 8 kB each. */
const MOST_PAGES = 1_500;

let database: TestDatabase;
let client: pg.Client;
let records: Records;
const statements: string[] = [];

before(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const pool = { max: 1, min: 0, acquireMs: 60_000, idleMs: 1_000 };
  const logQuery = (sql: string) => void statements.push(sql.replace(/^[^:]*: /, ""));
  records = defineRecords(connectDatabase({ url: database.url, pool, logQuery }));
  await setProviderLimits(records, "genapi", { requestsPerSecond: 10, createsAtOnce: 4 });
  await client.query("ALTER TABLE generation_tasks DISABLE TRIGGER USER");
  const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => `${from + index}`);
  await insertRemoteWork(client, { remoteIds: ids(0, FINISHED), status: "succeeded" });
  await insertRemoteWork(client, { remoteIds: ids(FINISHED, 100), dueIn: -1 });
  await insertRemoteWork(client, { remoteIds: ids(FINISHED + 100, IN_HAND), dueIn: 60 });
  await client.query("VACUUM ANALYZE generation_tasks");
});
after(async () => {
  await records.sequelize.close();
  await client.end();
  await database.dispose();
});

/** The plan of the statement that `run` sends, executed. */
async function planOf(run: () => Promise<unknown>, bind: unknown[]): Promise<string> {
  statements.length = 0;
  await run();
  const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS) ${statements[0]}`, bind);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

function assertCheap(plan: string): void {
  assert.doesNotMatch(plan, /Seq Scan on generation_tasks/);
  const [, pages] = /Buffers: shared hit=(\d+)/.exec(plan)!;
  assert.ok(Number(pages) < MOST_PAGES, plan);
}

for (const [name, run, bind] of [
  ["how many polls are due", () => peekPolls(records, "genapi", 32), ["genapi", 32]],
  ["the claim of due polls", () => claimPolls(records, "genapi", 32), ["genapi", 32]],
  ["how crowded the provider is", () => readCrowd(records, "genapi"), ["genapi"]],
] as [string, () => Promise<unknown>, unknown[]][]) {
  it(`reads the partial index among ${FINISHED} finished generations: ${name}`, async () => {
    const plan = await planOf(run, bind);
    assert.match(plan, /using generation_tasks_poll|on generation_tasks_poll/);
    assertCheap(plan);
  });
}

it("finds overdue work without reading what is finished", async () => {
  assertCheap(await planOf(() => findOverdue(records, "genapi", 32), ["genapi", 32]));
});

it("sweeps without reading what is finished", async () => {
  const logger = { error() {}, warn() {}, info() {}, debug() {} };
  const directory = { providers: new Map([["genapi", {}]]), networks: [], genapiHost: null };
  const queue = { enqueueAll: async () => {} };
  const isHeld = () => false;
  const deps = { records, logger, directory, queue, isHeld } as unknown as Parameters<
    typeof sweepGenerations
  >[0];
  const plan = await planOf(() => sweepGenerations(deps), []);
  assert.match(plan, /generation_tasks_open/);
  assertCheap(plan);
});
