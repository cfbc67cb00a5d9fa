import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { borrowEmbeddedPostgres } from "../server/database/embedded-for-tools.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import { type Figure, percentile } from "./figures.ts";
import { fillModels } from "./fill.ts";
import { follow, photoToModel, upload } from "./generation.ts";
import { load } from "./load.ts";
import { weighPage } from "./page.ts";
import { cpuSeconds, residentBytes, watchMemory } from "./process-usage.ts";

const MEGABYTE = 1e6;
const IDLE_SECONDS = 5;
const LOAD_SECONDS = 5;
const LIST_CONNECTIONS = 4;

export async function measureIdle(server: ServerProcess): Promise<Figure[]> {
  await sleep(IDLE_SECONDS * 1000);
  return [{ name: "memory of the idle server", value: residentBytes(server.pid) / MEGABYTE, unit: "MB" }];
}

export async function measurePage(server: ServerProcess): Promise<Figure[]> {
  const { bytes } = await weighPage(server.url);
  return [{ name: "first page, JS and CSS (brotli)", value: bytes / 1000, unit: "kB", aim: 150 }];
}

/** Each generation ends before the next upload, so that none of them works while an upload is timed. */
export async function measureUpload(server: ServerProcess): Promise<Figure[]> {
  const times: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const { generation, tookMs } = await upload(server.url);
    times.push(tookMs);
    await follow(server.url, generation.id);
  }
  return [
    { name: "upload of a photo until 202, p50", value: percentile(times, 50), unit: "ms" },
    { name: "upload of a photo until 202, p95", value: percentile(times, 95), unit: "ms" },
  ];
}

export async function measureOverheadAtOne(server: ServerProcess): Promise<Figure[]> {
  await photoToModel(server.url);
  const times: number[] = [];
  for (let turn = 0; turn < 10; turn++) times.push((await photoToModel(server.url)).tookMs);
  return [
    {
      name: "photo to model, instant provider, 1 at a time, p50",
      value: percentile(times, 50),
      unit: "ms",
      aim: 500,
    },
  ];
}

export async function measureOverheadAtFifty(server: ServerProcess): Promise<Figure[]> {
  const memory = watchMemory(server.pid);
  const cpuBefore = cpuSeconds(server.pid);
  const made = await Promise.all(Array.from({ length: 50 }, () => photoToModel(server.url)));
  const peak = memory.stop();
  const cpuMs = (cpuSeconds(server.pid) - cpuBefore) * 1000;
  const times = made.map(({ tookMs }) => tookMs);
  return [
    {
      name: "photo to model, instant provider, 50 at once, p50",
      value: percentile(times, 50),
      unit: "ms",
      aim: 3000,
    },
    { name: "photo to model, instant provider, 50 at once, last", value: percentile(times, 100), unit: "ms" },
    { name: "CPU time of the server for each of the 50", value: cpuMs / made.length, unit: "ms" },
    { name: "memory at most, 50 at once", value: peak / MEGABYTE, unit: "MB", aim: 350 },
  ];
}

export async function measureDownload(server: ServerProcess): Promise<Figure[]> {
  const { modelId } = await photoToModel(server.url);
  const model = `${server.url}/api/v1/models/${modelId}/files/model.glb`;
  const { p50Ms, p99Ms, perSecond, bytesPerSecond } = await load(model, {
    connections: 16,
    seconds: LOAD_SECONDS,
  });
  return [
    { name: "GLB download, 16 clients, p50", value: p50Ms, unit: "ms" },
    { name: "GLB download, 16 clients, p99", value: p99Ms, unit: "ms" },
    { name: "GLB download, 16 clients, rate", value: perSecond, unit: "1/s" },
    { name: "GLB download, 16 clients, throughput", value: bytesPerSecond / MEGABYTE, unit: "MB/s" },
  ];
}

export async function measureList(server: ServerProcess, folder: string): Promise<Figure[]> {
  const database = await borrowEmbeddedPostgres({ dataFolder: path.join(folder, "data", "postgres") });
  try {
    const first = `${server.url}/api/v1/models?limit=24`;
    const p50: number[] = [];
    const figures: Figure[] = [];
    for (const rows of [1_000, 100_000]) {
      await fillModels(database.url, rows);
      await load(first, { connections: 1, seconds: 1 });
      const { p50Ms, p99Ms } = await load(first, { connections: LIST_CONNECTIONS, seconds: LOAD_SECONDS });
      p50.push(p50Ms);
      figures.push(
        { name: `list of models at ${rows} rows, p50`, value: p50Ms, unit: "ms" },
        { name: `list of models at ${rows} rows, p99`, value: p99Ms, unit: "ms" },
      );
    }
    return [
      ...figures,
      { name: "list at 100000 rows against 1000, p50", value: p50[1] / p50[0], unit: "×", aim: 2 },
    ];
  } finally {
    await database.dispose();
  }
}
