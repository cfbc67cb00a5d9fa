import path from "node:path";
import pg from "pg";
import { borrowEmbeddedPostgres } from "../server/database/embedded-for-tools.ts";
import { encodeCursor } from "../server/services/paging.ts";
import { boxGlb } from "../test/support/make-glb.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import { type Figure, percentile } from "./figures.ts";
import { fillModels } from "./fill.ts";
import { importModel } from "./import-model.ts";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const WARM_UP = 5;
const RUNS = 40;
const PUBLISHED = 10;
/** The most that a million may take of the time of a thousand, medians. */
const FLAT = 2;

/** Times in milliseconds of what people do, by name. */
type Times = Record<string, number[]>;

async function askOften(address: string): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const startedAt = performance.now();
    const response = await fetch(address);
    const text = await response.text();
    if (!response.ok) throw new Error(`${address} was answered with ${response.status}: ${text}`);
    if (run >= WARM_UP) times.push(performance.now() - startedAt);
  }
  return times;
}

/** The model in the middle of the list, and the cursor that begins there. */
async function middleOf(databaseUrl: string): Promise<{ id: string; cursor: string }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; created_at: Date }>(
      `SELECT id, created_at FROM models_3d WHERE metadata ? 'filled' ORDER BY created_at
        OFFSET (SELECT count(*) / 2 FROM models_3d WHERE metadata ? 'filled') LIMIT 1`,
    );
    const [{ id, created_at }] = rows;
    return { id, cursor: encodeCursor(created_at.toISOString(), id) };
  } finally {
    await client.end();
  }
}

async function measureAt(origin: string, databaseUrl: string, glb: Buffer, size: number): Promise<Times> {
  const { id, cursor } = await middleOf(databaseUrl);
  const list = `${origin}/api/v1/models?limit=24`;
  const asked: Record<string, string> = {
    "list, first page": list,
    "list, page in the middle": `${list}&cursor=${cursor}`,
    "list by name": `${list}&sort=name`,
    "list by change": `${list}&sort=-updatedAt`,
    "list of a tag of every 50th": `${list}&tag=tag%207`,
    "search, all have it": `${list}&q=sofa`,
    "search, every 50th has it": `${list}&q=colour7`,
    "search, one has it": `${list}&q=sofa+nr${size - 223}`,
    "search, none has it": `${list}&q=zebra`,
    detail: `${origin}/api/v1/models/${id}`,
  };
  const times: Times = {};
  for (const [what, address] of Object.entries(asked)) times[what] = await askOften(address);
  times.publish = [];
  for (let run = 0; run <= PUBLISHED; run++) {
    const { tookMs } = await importModel(origin, glb);
    // The first one wakes the workers up.
    if (run > 0) times.publish.push(tookMs);
  }
  return times;
}

const shown = (count: number) => count.toLocaleString("en-US");

/** What people do with ten to the third to ten to the sixth models of theirs; it should take as long with any number. */
export async function measureManyModels(
  server: ServerProcess,
  folder: string,
  sizes: readonly number[] = SIZES,
): Promise<Figure[]> {
  const database = await borrowEmbeddedPostgres({ dataFolder: path.join(folder, "data", "postgres") });
  const glb = await boxGlb([0.5, 0.4, 0.3]);
  const figures: Figure[] = [];
  try {
    let fewest: Times | null = null;
    for (const size of sizes) {
      await fillModels(database.url, size);
      const times = await measureAt(server.url, database.url, glb, size);
      fewest ??= times;
      for (const [what, taken] of Object.entries(times)) {
        const name = `${what}, ${shown(size)} models`;
        figures.push(
          { name: `${name}, p50`, value: percentile(taken, 50), unit: "ms" },
          { name: `${name}, p95`, value: percentile(taken, 95), unit: "ms" },
        );
        if (size !== sizes.at(-1)) continue;
        const ratio = percentile(taken, 50) / percentile(fewest[what], 50);
        figures.push({
          name: `${what}, ${shown(size)} against ${shown(sizes[0])}, p50`,
          value: ratio,
          unit: "×",
          aim: FLAT,
        });
      }
    }
    return figures;
  } finally {
    await database.dispose();
  }
}
