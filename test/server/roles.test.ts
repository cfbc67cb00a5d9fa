import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import pg from "pg";
import type { z } from "zod";
import { loadConfig } from "../../server/config.ts";
import type { Generation } from "../../server/contract/generation.ts";
import type { DetailedHealth } from "../../server/contract/operations.ts";
import type { Problem } from "../../server/contract/problem.ts";
import { photoForm, readPhoto } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { followEvents } from "../support/follow-events.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const OPS_TOKEN = "Xq3f0sJ9rT5yVb7NnKd2wLzM8gHhAa4P";

let folder: string;
let database: TestDatabase;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-roles-"));
  database = await createTestDatabase();
});
after(async () => {
  await database.dispose();
  await rm(folder, { recursive: true, force: true });
});

const start = (ROLE: string) =>
  startServer(folder, {
    ROLE,
    OPS_TOKEN,
    DATABASE_URL: database.url,
    DATABASE_POOL_MIN: "0",
    MONITORING_INTERVAL: "1",
  });

async function ask<T>(sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const openAlerts = async () =>
  (await ask<{ key: string }>("SELECT key FROM alerts WHERE resolved_at IS NULL")).map(({ key }) => key);
/** Process id of the one that monitors for all. */
const monitoring = async () =>
  Number((await ask<{ name: string }>("SELECT name FROM monitor_lease"))[0]?.name.split(" ").at(-1));

/** A look that took too long on a busy machine says nothing of what is looked at: there is another one. */
const detailed = async (server: ServerProcess) => {
  for (;;) {
    const response = await fetch(`${server.url}/health/detailed`, {
      headers: { authorization: `Bearer ${OPS_TOKEN}` },
    });
    const health = (await response.json()) as z.infer<typeof DetailedHealth>;
    const isWhole = Object.values(health.checks).every(({ message }) => !/took too long/.test(message));
    if (isWhole) return { status: response.status, health };
  }
};

const upload = async ({ url }: ServerProcess, name: string) => {
  const body = photoForm(await readPhoto("sofa.jpg"), { name });
  const response = await fetch(`${url}/api/v1/generations`, { method: "POST", body });
  assert.equal(response.status, 202);
  return (await response.json()) as Generation;
};

const read = async ({ url }: ServerProcess, id: string) =>
  (await (await fetch(`${url}/api/v1/generations/${id}`)).json()) as Generation;

test("one process serves and another works, each of them replaceable", { timeout: 600_000 }, async (t) => {
  await using servers = new AsyncDisposableStack();
  const run = async (role: string) =>
    servers.adopt(await start(role), async (server) => void (await server.stop()));

  const web = await run("web");
  const { id } = await upload(web, "Queued");

  const doctor = async (): Promise<{ check: string; status: string; message: string }> => {
    const args = ["server/doctor/cli.ts", "--json"];
    const env = { PATH: process.env.PATH, DATABASE_URL: database.url, DATA_DIR: folder, UPLOAD_DIR: folder };
    const run = promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
    const { stdout } = await run.catch((error) => error as { stdout: string });
    const { findings } = JSON.parse(stdout);
    return findings.find(({ check }: { check: string }) => check === "processes");
  };

  await t.test("alone, what serves says that nobody works, and leaves the work", async () => {
    const { status, health } = await detailed(web);
    assert.equal(status, 200);
    assert.equal(health.status, "degraded");
    assert.equal(health.checks.queue.status, "degraded");
    assert.match(
      health.checks.queue.message,
      /^Nobody works, jobs that wait: \d+\. Start a process with ROLE=worker\.$/,
    );
    assert.equal((await read(web, id)).status, "queued");
    assert.match((await doctor()).message, /^Nobody works: processes that serve people: 1,/);
    await until("the alert is raised", async () => (await openAlerts()).includes("queue.failing"));
  });

  const events = await followEvents(web, {});
  servers.defer(() => events.leave());
  let worker = await run("worker");

  await t.test("what was left is made by the worker, and told by who serves", async () => {
    await events.until((told) => told.id === id && told.finishedAt !== null);
    const done = await read(web, id);
    assert.equal(done.status, "succeeded", JSON.stringify(done.error));
    const model = (await (await fetch(`${web.url}/api/v1/models/${done.modelId}`)).json()) as {
      files: { glb: { url: string } };
    };
    const glb = Buffer.from(await (await fetch(web.url + model.files.glb.url)).arrayBuffer());
    assert.equal(glb.subarray(0, 4).toString(), "glTF");
    assert.equal((await detailed(web)).health.checks.queue.status, "healthy");
    assert.match((await doctor()).message, /^Processes that serve people: 1, that work: 1;/);
    await until("the alert is over", async () => !(await openAlerts()).includes("queue.failing"));
    assert.equal(await monitoring(), web.pid);
  });

  await t.test("the worker tells how it is and its figures, and nothing else", async () => {
    for (const probe of ["/health", "/health/live", "/health/ready", "/health/startup"]) {
      assert.equal((await fetch(worker.url + probe)).status, 200, probe);
    }
    assert.equal((await detailed(worker)).status, 200);
    const authorization = `Bearer ${OPS_TOKEN}`;
    const metrics = await fetch(`${worker.url}/metrics`, { headers: { authorization } });
    assert.match(await metrics.text(), /^process_resident_memory_bytes /m);
    for (const [method, address] of [
      ["GET", "/"],
      ["GET", "/api"],
      ["GET", "/api/v1/models"],
      ["POST", "/api/v1/generations"],
      ["GET", "/s/some-link"],
      ["POST", "/hooks/genapi/some"],
      ["GET", "/docs"],
    ]) {
      const response = await fetch(worker.url + address, { method });
      assert.equal(response.status, 404, address);
      assert.equal(response.headers.get("content-type"), "application/problem+json; charset=utf-8");
      assert.equal(((await response.json()) as Problem).code, "worker-only", address);
    }
  });

  await t.test("a worker that is killed leaves its work to the next, which finishes it once", async () => {
    const { id } = await upload(web, "Killed");
    await until("it is at it", async () => (await read(web, id)).status !== "queued");
    await worker.kill();
    await until("nobody works", async () => (await detailed(web)).health.checks.queue.status === "degraded");
    worker = await run("worker");
    await until("it is made", async () => (await read(web, id)).finishedAt !== null);
    assert.equal((await read(web, id)).status, "succeeded");
    const { items } = (await (await fetch(`${web.url}/api/v1/models`)).json()) as {
      items: { name: string }[];
    };
    assert.deepEqual(items.map(({ name }) => name).toSorted(), ["Killed", "Queued"]);
  });

  await t.test("where nobody serves any more, the worker monitors", async () => {
    await web.stop();
    await until("the worker monitors", async () => (await monitoring()) === worker.pid);
    const { status, message } = await doctor();
    assert.deepEqual([status, message], ["problem", "Nobody serves people: processes that only work: 1."]);
  });
});

test("processes with a role of their own need a database that all of them reach", () => {
  for (const ROLE of ["web", "worker"]) {
    assert.throws(() => loadConfig({ ROLE }), new RegExp(`^Error: ROLE is ${ROLE}, but.*Set DATABASE_URL`));
    assert.equal(loadConfig({ ROLE, PGHOST: "db.example" }).config.role, ROLE);
  }
});
