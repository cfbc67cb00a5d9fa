import type { ServerProcess } from "../test/support/server-process.ts";
import { bigModel } from "./big-model.ts";
import { type Figure, percentile } from "./figures.ts";
import { importModel } from "./import-model.ts";
import { cpuSeconds, watchMemory } from "./process-usage.ts";

const RUNS = 3;
const MEGABYTE = 1e6;
const NAME = "50 000 triangles, 2048² texture";

/** What a model of this weight costs: being checked and published, and each kind of file that is made on demand. */
export async function measurePipeline(server: ServerProcess): Promise<Figure[]> {
  const raw = await bigModel();
  await importModel(server.url, raw);
  const memory = watchMemory(server.pid, 10);
  const cpuBefore = cpuSeconds(server.pid);
  const times: number[] = [];
  let { model } = await importModel(server.url, raw);
  for (let run = 0; run < RUNS; run++) {
    const made = await importModel(server.url, raw);
    times.push(made.tookMs);
    model = made.model;
  }
  const cpuMs = ((cpuSeconds(server.pid) - cpuBefore) / (RUNS + 1)) * 1000;
  const peak = memory.stop();
  const { glb, thumbnail } = model.files;
  const { quality } = model.stats;
  if (!glb || !thumbnail || !quality) throw new Error("The model came without its files.");
  const figures: Figure[] = [
    { name: `${NAME}: import until published, p50`, value: percentile(times, 50), unit: "ms" },
    { name: `${NAME}: CPU time of the server`, value: cpuMs, unit: "ms" },
    { name: `${NAME}: memory of the server at most`, value: peak / MEGABYTE, unit: "MB" },
    { name: `${NAME}: bytes in`, value: raw.length / 1000, unit: "kB" },
    { name: `${NAME}: bytes out, model.glb`, value: glb.bytes / 1000, unit: "kB" },
    { name: `${NAME}: bytes out, thumbnail`, value: thumbnail.bytes / 1000, unit: "kB" },
    { name: `${NAME}: likeness to the original (SSIM)`, value: quality.ssim * 100, unit: "%" },
  ];
  for (const [kind, file] of Object.entries(model.exports)) {
    const startedAt = performance.now();
    const response = await fetch(new URL(file.url, server.url));
    const bytes = (await response.arrayBuffer()).byteLength;
    if (!response.ok) throw new Error(`${kind} was answered with ${response.status}.`);
    figures.push(
      { name: `${NAME}: ${kind}, first request`, value: performance.now() - startedAt, unit: "ms" },
      { name: `${NAME}: ${kind}, size`, value: bytes / 1000, unit: "kB" },
    );
  }
  return figures;
}
