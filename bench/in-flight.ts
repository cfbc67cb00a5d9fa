import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { borrowEmbeddedPostgres } from "../server/database/embedded-for-tools.ts";
import type { FakeGenapi } from "../test/support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../test/support/fake-genapi/server.ts";
import { state, success } from "../test/support/fake-genapi/steps.ts";
import { createRemotely, insertRemoteWork } from "../test/support/remote-work.ts";
import { type ServerProcess, startServer } from "../test/support/server-process.ts";
import { databaseCpuSeconds, databaseWork } from "./database-usage.ts";
import type { Figure } from "./figures.ts";
import { cpuSeconds, watchMemory } from "./process-usage.ts";

const IN_FLIGHT = 5_000;
const SETTLE_SECONDS = 10;
const WATCH_SECONDS = 30;
const FINISH_SECONDS = 60;
/** Requests to the provider per second: the default, and what 1 000 models a minute need with a reserve. */
const RATES = [10, 50] as const;
/** Trellis takes two to three minutes. */
const OLDEST_SECONDS = 150;

const progress = state(({ generation }) => ({
  status: "processing",
  progress: Math.min(99, Math.floor((Date.now() - generation!.createdAt) / 1000)),
}));
const done = success(({ resultUrl }) => ({ result: [resultUrl] }));

/**
 * Thousands of generations that a provider has in hand: what it costs to follow them, and how many can be finished
 * in a minute. Each part lasts for a fixed time. Has servers of its own; `idle` is stopped for them.
 */
export async function measureInFlight(idle: ServerProcess, parent: string): Promise<Figure[]> {
  await idle.stop();
  const folder = fs.mkdtempSync(path.join(parent, "in-flight-"));
  fs.chmodSync(folder, 0o755);
  let isDone = false;
  const fake = await startFakeGenapi();
  fake.script({ polls: [(call) => (isDone ? done(call) : progress(call))] });
  const settingsOf = (rate: number) => ({
    GENAPI_API_KEY: fake.key,
    GENAPI_BASE_URL: `${fake.url}/api/v1`,
    GENAPI_REQUESTS_PER_SECOND: String(rate),
    LOG_LEVEL: "error",
  });
  const figures: Figure[] = [];
  let server = await startServer(folder, settingsOf(RATES[0]));
  try {
    await bringInHand(folder, fake);
    for (const rate of RATES) {
      await server.stop();
      server = await startServer(folder, settingsOf(rate));
      await sleep(SETTLE_SECONDS * 1000);
      figures.push(...(await watchPolling(server, folder, fake, rate)));
    }
    isDone = true;
    figures.push(...(await watchFinishing(server, folder)));
  } finally {
    await server.kill();
    await fake.dispose();
  }
  return figures;
}

/** Runs `work` with a connection to the server's own database. */
async function withDatabase<T>(folder: string, work: (client: pg.Client) => Promise<T>) {
  const database = await borrowEmbeddedPostgres({ dataFolder: path.join(folder, "data", "postgres") });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
    await database.dispose();
  }
}

async function bringInHand(folder: string, fake: FakeGenapi): Promise<void> {
  const remoteIds: string[] = [];
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (remoteIds.length < IN_FLIGHT) remoteIds.push(await createRemotely(fake));
    }),
  );
  await withDatabase(folder, async (client) => {
    for (let part = 0; part < OLDEST_SECONDS; part++) {
      const ids = remoteIds.slice(0, IN_FLIGHT).filter((_, index) => index % OLDEST_SECONDS === part);
      await insertRemoteWork(client, { remoteIds: ids, startedAgo: part });
    }
  });
}

async function watchPolling(
  server: ServerProcess,
  folder: string,
  fake: FakeGenapi,
  rate: number,
): Promise<Figure[]> {
  return withDatabase(folder, async (client) => {
    const memory = watchMemory(server.pid);
    const read = async () => ({
      requests: fake.requests.length,
      cpu: cpuSeconds(server.pid),
      databaseCpu: await databaseCpuSeconds(client),
      ...(await databaseWork(client)),
    });
    const before = await read();
    await sleep(WATCH_SECONDS * 1000);
    const after = await read();
    const perSecond = (key: keyof typeof before) => (after[key] - before[key]) / WATCH_SECONDS;
    const name = `${IN_FLIGHT} in flight, at most ${rate} requests/s`;
    return [
      {
        name: `${name}: requests to the provider`,
        value: perSecond("requests"),
        unit: "1/s",
        // The bucket holds the requests of one second more.
        aim: Math.ceil(rate * (1 + 1 / WATCH_SECONDS)),
      },
      { name: `${name}: CPU of the server`, value: perSecond("cpu") * 100, unit: "%" },
      { name: `${name}: memory of the server at most`, value: memory.stop() / 1e6, unit: "MB" },
      { name: `${name}: CPU of the database`, value: perSecond("databaseCpu") * 100, unit: "%" },
      { name: `${name}: database transactions`, value: perSecond("transactions"), unit: "1/s" },
      { name: `${name}: rows written`, value: perSecond("writes"), unit: "1/s" },
    ];
  });
}

async function watchFinishing(server: ServerProcess, folder: string): Promise<Figure[]> {
  return withDatabase(folder, async (client) => {
    const read = async () => ({
      ...(await counts(client)),
      cpu: cpuSeconds(server.pid),
      databaseCpu: await databaseCpuSeconds(client),
    });
    const before = await read();
    await sleep(FINISH_SECONDS * 1000);
    const after = await read();
    const published = after.published - before.published;
    const handedOver = after.handedOver - before.handedOver;
    if (published === 0) throw new Error("Nothing was published in a minute.");
    const perMinute = 60 / FINISH_SECONDS;
    return [
      { name: "finished work found by polls", value: handedOver * perMinute, unit: "1/min" },
      { name: "models checked and published", value: published * perMinute, unit: "1/min" },
      { name: "time to publish 1000 models", value: (1000 / published) * FINISH_SECONDS, unit: "s", aim: 60 },
      {
        name: "CPU time of the server for each of them",
        value: ((after.cpu - before.cpu) / published) * 1000,
        unit: "ms",
      },
      {
        name: "CPU of the server meanwhile",
        value: ((after.cpu - before.cpu) / FINISH_SECONDS) * 100,
        unit: "%",
      },
      {
        name: "CPU of the database meanwhile",
        value: ((after.databaseCpu - before.databaseCpu) / FINISH_SECONDS) * 100,
        unit: "%",
      },
    ];
  });
}

async function counts(client: pg.Client) {
  const { rows } = await client.query<{ published: number; handedOver: number }>(
    `SELECT count(*) FILTER (WHERE status = 'succeeded')::int AS published,
            count(*) FILTER (WHERE status IN ('finishing', 'succeeded'))::int AS "handedOver"
       FROM generation_tasks`,
  );
  return rows[0];
}
