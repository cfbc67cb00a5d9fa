import path from "node:path";
import sharp from "sharp";
import { runChild } from "../server/providers/local/child/run-child.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import type { Figure } from "./figures.ts";
import { cpuSeconds, watchMemory } from "./process-usage.ts";

const PHOTO = path.join(import.meta.dirname, "../test/ground-truth/photos/chair.jpg");
const PARAMS = { triangles: 30_000, textureSize: 2048, depth: null, mode: "auto" as const, box: null };
const LIMITS = { memoryBytes: 2 * 2 ** 30, timeoutSeconds: 120 };
const CPU_POLL_MS = 25;

/** One model by the local generator of a photo of 12 megapixels, in a process of its own as in the server. */
export async function measureLocalGenerator(_server: ServerProcess, folder: string): Promise<Figure[]> {
  const photoPath = path.join(folder, "12-megapixels.jpg");
  await sharp(PHOTO).resize(4000, 3000).jpeg({ quality: 92 }).toFile(photoPath);
  const task = { kind: "generate" as const, photoPath, outputPath: path.join(folder, "local.glb"), params: PARAMS };
  let memory: ReturnType<typeof watchMemory> | undefined;
  let cpu = 0;
  let timer: NodeJS.Timeout | undefined;
  let peakBytes = 0;
  const startedAt = performance.now();
  const outcome = await runChild(task, LIMITS, {
    onStart(pid) {
      memory = watchMemory(pid);
      timer = setInterval(() => {
        cpu = cpuSeconds(pid);
      }, CPU_POLL_MS);
    },
    onProgress(percent) {
      // The last report comes while the process still is there to be measured.
      if (percent < 100) return;
      clearInterval(timer);
      peakBytes = memory?.stop() ?? 0;
    },
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (outcome.kind !== "generated") throw new Error(`The generator ended as ${JSON.stringify(outcome)}`);
  return [
    { name: "local generator, 12 megapixels, photo to GLB", value: seconds, unit: "s", aim: 6 },
    { name: "local generator, processor time", value: cpu, unit: "s" },
    { name: "local generator, peak memory", value: peakBytes / 2 ** 20, unit: "MB", aim: 800 },
  ];
}
