import path from "node:path";
import { createClientPool } from "@redis/client";
import pg from "pg";
import { makeClient, type RedisClient } from "../server/cache/redis-client.ts";
import { borrowEmbeddedPostgres } from "../server/database/embedded-for-tools.ts";
import { startTestRedis } from "../test/support/redis/test-redis.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import { type Figure, percentile } from "./figures.ts";
import { fillModels } from "./fill.ts";

const MODELS = 100_000;
const DEAR_RUNS = 7;
const CHEAP_RUNS = 500;
const CLIENTS = 50;
const SECONDS = 2;

/** Milliseconds of each run, one after the other. */
async function times(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now();
    await work();
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

async function fetchAll(address: string, init?: RequestInit): Promise<string> {
  const response = await fetch(address, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${address} was answered with ${response.status}: ${text}`);
  return text;
}

/** What is kept: the same answers made anew each time, and from the cache. */
async function measureAnswers(url: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  const clear = () =>
    fetchAll(`${url}/api/system/cache/clear`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ pattern: "*" }),
    });
  for (const address of ["/api/v1/tags", "/api/health/metrics", "/api/system/stats"]) {
    const ask = () => fetchAll(url + address);
    const anew: number[] = [];
    for (let run = 0; run < DEAR_RUNS; run += 1) {
      await clear();
      anew.push(...(await times(1, ask)));
    }
    const name = `GET ${address} at ${MODELS} models`;
    figures.push(
      { name: `${name}, made anew, p50`, value: percentile(anew, 50), unit: "ms" },
      { name: `${name}, kept, p50`, value: percentile(await times(50, ask), 50), unit: "ms" },
    );
  }
  return figures;
}

/** What is not kept: rows by their key, which Postgres has as fast as Redis. */
const LOOK_UPS = {
  "who makes a request": `SELECT u.role, u.email FROM users u LEFT JOIN sessions s ON s.user_id = u.id
    WHERE u.id = (SELECT id FROM users LIMIT 1)
      AND NOT EXISTS (SELECT FROM revoked_tokens WHERE jti = u.id)`,
  "a model's row": "SELECT * FROM models_3d WHERE id = $1",
  "a model's files": "SELECT * FROM model_files WHERE model_id = $1",
};

async function measureLookUps(databaseUrl: string, redis: RedisClient): Promise<Figure[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT id FROM models_3d LIMIT 1");
    const figures: Figure[] = [];
    for (const [what, sql] of Object.entries(LOOK_UPS)) {
      const ask = () => client.query(sql, sql.includes("$1") ? [rows[0].id] : []);
      const text = JSON.stringify((await ask()).rows);
      await redis.set("row", text);
      figures.push(
        {
          name: `${what} from Postgres, p50`,
          value: percentile(await times(CHEAP_RUNS, ask), 50),
          unit: "ms",
        },
        {
          name: `${what} from Redis, p50`,
          value: percentile(await times(CHEAP_RUNS, async () => JSON.parse((await redis.get("row"))!)), 50),
          unit: "ms",
        },
      );
    }
    return figures;
  } finally {
    await client.end();
  }
}

/** Questions of many clients at once over one connection, and over pools of the client's own kind. */
async function measureConnections(url: string, one: RedisClient): Promise<Figure[]> {
  const figures: Figure[] = [];
  const rate = async (name: string, client: { get(key: string): Promise<unknown> }) => {
    let count = 0;
    const endsAt = performance.now() + SECONDS * 1000;
    const ask = async () => {
      for (; performance.now() < endsAt; count += 1) await client.get("row");
    };
    await Promise.all(Array.from({ length: CLIENTS }, ask));
    figures.push({
      name: `questions to Redis, ${CLIENTS} at once, ${name}`,
      value: count / SECONDS,
      unit: "1/s",
    });
  };
  await rate("one connection", one);
  for (const maximum of [10, 100]) {
    const pool = createClientPool({ url, RESP: 2 }, { minimum: 1, maximum });
    pool.on("error", () => {});
    await pool.connect();
    await rate(`pool of ${maximum}`, pool);
    pool.destroy();
  }
  return figures;
}

/** What keeping answers and rows saves, and over how many connections. */
export async function measureCache(server: ServerProcess, folder: string): Promise<Figure[]> {
  const database = await borrowEmbeddedPostgres({ dataFolder: path.join(folder, "data", "postgres") });
  const redis = await startTestRedis();
  const client = makeClient({ url: redis.url, socketTimeoutMs: 10_000 }).on("error", () => {});
  try {
    await client.connect();
    await fillModels(database.url, MODELS);
    return [
      ...(await measureAnswers(server.url)),
      ...(await measureLookUps(database.url, client)),
      ...(await measureConnections(redis.url, client)),
    ];
  } finally {
    client.destroy();
    await redis.dispose();
    await database.dispose();
  }
}
