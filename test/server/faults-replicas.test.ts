import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { photoForm } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { Behaviour } from "../support/fake-genapi/behaviour.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { type FakeCall, started, state, success } from "../support/fake-genapi/steps.ts";
import { boxGlb } from "../support/make-glb.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { roomInTheDay } from "../support/utc-day.ts";
import { createVisitors, distinctPhoto } from "../support/visitors.ts";

const WAIT_MS = 180_000;
const HOUR_MS = 3_600_000;

/** For Node's `--import`: a wall clock that is wrong from the first moment; timers go on as they do. */
const wrongClock = (shiftMs: number) =>
  `data:text/javascript,${encodeURIComponent(`
    const Right = Date;
    globalThis.Date = class Date extends Right {
      constructor(...given) { given.length === 0 ? super(Right.now() + ${shiftMs}) : super(...given); }
      static now() { return Right.now() + ${shiftMs}; }
    };`)}`;

const running = state({ status: "processing", progress: 40 });
const done = success(({ resultUrl }) => ({ result: [resultUrl] }));
const slowCreate = (milliseconds: number, onCall: (call: FakeCall) => void = () => {}): Behaviour => ({
  create: async (call) => {
    onCall(call);
    await sleep(milliseconds);
    await started()(call);
  },
  polls: [running, done],
});

/** Paid generations a day, both servers together. */
const DAILY = 8;

describe("two servers on one database, one clock an hour ahead and one an hour behind", () => {
  let folder: string;
  let database: TestDatabase;
  let watcher: pg.Pool;
  let fake: FakeGenapi;
  let servers: Record<"ahead" | "behind", ServerProcess>;
  let photos = 0;

  before(async () => {
    await roomInTheDay();
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-replicas-"));
    database = await createTestDatabase();
    watcher = new pg.Pool({ connectionString: database.url, max: 1 });
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
    const start = async (name: string, shiftMs: number) => {
      await mkdir(path.join(folder, name));
      return startServer(path.join(folder, name), {
        NODE_OPTIONS: `--import ${wrongClock(shiftMs)}`,
        DATABASE_URL: database.url,
        UPLOAD_DIR: path.join(folder, "uploads"),
        GENAPI_API_KEY: fake.key,
        GENAPI_BASE_URL: `${fake.url}/api/v1`,
        GENAPI_DAILY_GENERATIONS: String(DAILY),
      });
    };
    const [ahead, behind] = await Promise.all([start("ahead", HOUR_MS), start("behind", -HOUR_MS)]);
    servers = { ahead, behind };
  });
  after(async () => {
    await Promise.all(Object.values(servers ?? {}).map((server) => server.stop()));
    await watcher?.end();
    await database?.dispose();
    await fake?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const urls = () => [servers.ahead.url, servers.behind.url];
  const rowsWhere = async (condition: string) =>
    (
      await watcher.query<{ id: string; status: string }>(
        `SELECT id, status FROM generation_tasks WHERE ${condition} ORDER BY created_at`,
      )
    ).rows;
  const allEnd = async () => {
    const deadline = performance.now() + WAIT_MS;
    for (let open = ["?"] as unknown[]; open.length > 0; await sleep(100)) {
      open = await rowsWhere("finished_at IS NULL");
      assert.ok(performance.now() < deadline, `Not ended: ${JSON.stringify(open)}`);
    }
  };
  const post = async (number: number, photo: Buffer, headers: Record<string, string> = {}) => {
    const body = photoForm(photo, { preset: "draft" });
    const url = `${urls()[number % 2]}/api/v1/generations`;
    const response = await fetch(url, { method: "POST", body, headers });
    return { status: response.status, body: (await response.json()) as { id: string; code?: string } };
  };
  const logOf = (name: string) => readFile(path.join(folder, name, "server.log"), "utf8");
  const distinct = () => distinctPhoto(photos++);

  it("have wrong clocks indeed", async () => {
    const hours = await Promise.all(
      urls().map(async (url) => {
        const { timestamp } = (await (await fetch(`${url}/health`)).json()) as { timestamp: string };
        return Math.round((Date.parse(timestamp) - Date.now()) / HOUR_MS);
      }),
    );
    assert.deepEqual(hours, [1, -1]);
  });

  it("make one generation of fifty simultaneous requests with one key, and create it once", async () => {
    const photo = await distinct();
    // Long enough for sweeps of the server that has not got it: by its clock every lease is over, or never will be.
    fake.script(slowCreate(7000), { polls: [running, running, done] });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, number) => post(number, photo, { "idempotency-key": "one" })),
    );
    assert.deepEqual(
      [...new Set(answers.map(({ status, body }) => `${status} ${body.id}`))],
      [`202 ${answers[0].body.id}`],
    );
    assert.equal((await rowsWhere("true")).length, 1);
  });

  it("let exactly the rest of the day's budget through, and take no work from each other", async () => {
    const photos = await Promise.all(Array.from({ length: 20 }, distinct));
    const answers = await Promise.all(photos.map((photo, number) => post(number, photo)));
    const refused = answers.filter(({ status }) => status !== 202);
    assert.equal(answers.length - refused.length, DAILY - 1);
    assert.deepEqual([...new Set(refused.map(({ body }) => body.code))], ["budget-exceeded"]);
    await allEnd();
    assert.equal((await rowsWhere("status = 'succeeded'")).length, DAILY);
    assert.deepEqual(await rowsWhere("attempts <> 1"), []);
    assert.equal(fake.creates().length, DAILY);
    for (const name of ["ahead", "behind"]) assert.doesNotMatch(await logOf(name), /left behind| error /);
  });

  it("lose nothing when one is stopped with a create call in hand", async () => {
    await watcher.query("UPDATE spendings SET created_at = created_at - interval '1 day'");
    const arrived = Promise.withResolvers<void>();
    const answered: string[] = [];
    fake.script(
      {
        ...slowCreate(3000, (call) => {
          arrived.resolve();
          call.response.once("close", () => answered.push(call.response.writableFinished ? "read" : "cut"));
        }),
      },
      { polls: [running, running, done] },
    );
    const visitors = createVisitors(urls());
    const upload = async (provider: string) =>
      visitors.upload(await distinct(), { preset: "draft", provider });
    const uploads = [upload("genapi"), upload("genapi"), upload("genapi"), upload("local")];
    await arrived.promise;
    const stopping = servers.ahead.stop();
    await sleep(200);
    uploads.push(upload("genapi"), upload("genapi"));
    assert.equal(await stopping, 0, "an orderly end");
    const ids = await Promise.all(uploads);
    await allEnd();
    assert.deepEqual(visitors.complaints, []);
    const rows = await rowsWhere(`id IN (${ids.map((id) => `'${id}'`).join()})`);
    assert.deepEqual(
      rows.map(({ status }) => status),
      ids.map(() => "succeeded"),
    );
    assert.deepEqual(answered, ["read"]);
    assert.equal(fake.creates().length, DAILY + 5);
    assert.equal(Math.max(...fake.createsPerPhoto().values()), 1);
    assert.deepEqual(await readdir(path.join(folder, "ahead/data/answers")).catch(() => []), []);
    for (const name of ["ahead", "behind"]) assert.doesNotMatch(await logOf(name), / error /);
  });
});
