import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { state, success } from "../support/fake-genapi/steps.ts";
import { boxGlb } from "../support/make-glb.ts";
import { type OwnPostgres, startOwnPostgres } from "../support/own-postgres.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { createVisitors, distinctPhoto } from "../support/visitors.ts";

/** Lines of the log that say more than that the database was away. */
const UNEXPECTED = /^[\d:]+ error (?!A paid answer could not be saved)|nobody looked|uncaught/i;
const WAIT_MS = 180_000;

const running = state({ status: "processing", progress: 40 });
const done = success(({ resultUrl }) => ({ result: [resultUrl] }));

describe("a database that fails under load", () => {
  let folder: string;
  let postgres: OwnPostgres;
  let fake: FakeGenapi;
  let server: ServerProcess;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-faults-"));
    await mkdir(path.join(folder, "server"));
    postgres = await startOwnPostgres(path.join(folder, "postgres"));
    fake = await startFakeGenapi({ glb: await boxGlb([0.5, 0.4, 0.3]) });
    fake.script({ polls: [running, done] });
    server = await startServer(path.join(folder, "server"), {
      DATABASE_URL: postgres.url,
      GENAPI_API_KEY: fake.key,
      GENAPI_BASE_URL: `${fake.url}/api/v1`,
    });
  });
  after(async () => {
    await server?.stop();
    await postgres?.dispose();
    await fake?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const until = async (what: string, isSo: () => Promise<boolean>) => {
    const deadline = performance.now() + WAIT_MS;
    while (!(await isSo())) {
      assert.ok(performance.now() < deadline, what);
      await sleep(100);
    }
  };
  const readyIs = (status: number) =>
    until(`/health/ready becomes ${status}`, async () => {
      const response = await fetch(`${server.url}/health/ready`);
      const { checks } = (await response.json()) as { checks: Record<string, string> };
      // A part that has only just failed doesn't make it unavailable.
      const isUsable = Object.values(checks).every((check) => check === "ok");
      return response.status === status && isUsable === (status === 200);
    });

  it("costs requests a 503, never the process, the work or money", async (t) => {
    const visitors = createVisitors([server.url]);
    t.after(() => visitors.leave());
    const heard = new Map<string, string>();
    for (const list of ["/api/v1/generations?limit=20", "/api/v1/models", "/api/v1/providers"])
      visitors.repeat(() => visitors.ask(list));
    visitors.listen(server.url, (id, status) => void heard.set(id, status));
    const uploads: Promise<string>[] = [];
    const upload = (...providers: string[]) => {
      for (const provider of providers) {
        const photo = distinctPhoto(uploads.length);
        uploads.push(photo.then((bytes) => visitors.upload(bytes, { provider, preset: "draft" })));
      }
    };

    upload("local", "genapi", "genapi");
    for (let cuts = 0; cuts < 6; cuts++) {
      await sleep(200);
      await postgres.cutConnections();
    }
    upload("genapi", "genapi");
    await sleep(500);
    await postgres.crash();
    upload("genapi");
    await readyIs(503);
    await postgres.start();
    await readyIs(200);
    upload("genapi", "genapi");
    await sleep(300);
    await postgres.killBackend();
    await readyIs(200);
    upload("genapi");
    await sleep(300);
    postgres.freeze();
    await readyIs(503);
    postgres.thaw();
    await readyIs(200);

    const ids = await Promise.all(uploads);
    const count = async (condition: string) =>
      (await postgres.pool.query(`SELECT id FROM generation_tasks WHERE ${condition}`)).rowCount;
    const confirmed = new Set<string>();
    const confirm = async (generation: { id: string; status: string }) => {
      if (generation.status !== "needs-confirmation") return;
      const body = JSON.stringify({ acceptSecondCharge: true });
      const init = { method: "POST", headers: { "content-type": "application/json" }, body };
      const response = await visitors.ask(`/api/v1/generations/${generation.id}/retry`, init);
      if (response?.ok) confirmed.add(generation.id);
    };
    await until("all work ends", async () => {
      const { rows } = await postgres.pool.query(
        "SELECT id, status FROM generation_tasks WHERE finished_at IS NULL",
      );
      for (const row of rows) await confirm(row);
      return rows.length === 0;
    });
    await until("the stream tells it", async () => ids.every((id) => heard.get(id) === "succeeded"));
    await until("both listen again", async () => {
      const { rows } = await postgres.pool.query(
        `SELECT count(*) FILTER (WHERE application_name = 'photo-to-3d notices' AND query LIKE 'LISTEN%')::int AS notices,
                count(*) FILTER (WHERE application_name = 'photo-to-3d queue' AND query ~ 'LISTEN|listening')::int AS queue
           FROM pg_stat_activity`,
      );
      return rows[0].notices === 1 && rows[0].queue === 1;
    });
    await visitors.leave();
    assert.equal(await count("status = 'succeeded'"), ids.length, "nothing failed, nothing was taken twice");
    assert.deepEqual(visitors.complaints, []);
    assert.ok(process.kill(server.pid, 0), "it is the process of the start");
    const log = await readFile(path.join(folder, "server/server.log"), "utf8");
    assert.deepEqual(
      log.split("\n").filter((line) => UNEXPECTED.test(line)),
      [],
    );
    const again = fake.creates().length - (ids.length - 1);
    assert.ok(
      again >= 0 && again <= confirmed.size,
      "one create for each paid photo and each confirmed repeat",
    );
    assert.ok(Math.max(...fake.createsPerPhoto().values()) <= (confirmed.size > 0 ? 2 : 1));
    t.diagnostic(`${ids.length} generations, ${confirmed.size} had to be confirmed`);
    assert.deepEqual(await readdir(path.join(folder, "server/data/answers")).catch(() => []), []);
  });
});
