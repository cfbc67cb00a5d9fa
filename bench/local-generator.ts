import path from "node:path";
import sharp from "sharp";
import { residentBytes } from "../server/providers/local/child/resident-memory.ts";
import { runChild } from "../server/providers/local/child/run-child.ts";
import type { ServerProcess } from "../test/support/server-process.ts";
import type { Figure } from "./figures.ts";
import { cpuSeconds } from "./process-usage.ts";

const PHOTO = path.join(import.meta.dirname, "../test/ground-truth/photos/chair.jpg");
const PARAMS = { triangles: 30_000, textureSize: 2048, depth: null, mode: "auto" as const, box: null };
const LIMITS = { memoryBytes: 2 * 2 ** 30, processorSeconds: 120, timeoutSeconds: 120 };
const POLL_MS = 20;

/** One model by the local generator of a photo of 12 megapixels, in a process of its own as in the server. */
export async function measureLocalGenerator(_server: ServerProcess, folder: string): Promise<Figure[]> {
  const photoPath = path.join(folder, "12-megapixels.jpg");
  await sharp(PHOTO).resize(4000, 3000).jpeg({ quality: 92 }).toFile(photoPath);
  const task = {
    kind: "generate" as const,
    photoPath,
    outputPath: path.join(folder, "local.glb"),
    params: PARAMS,
  };
  let peakBytes = 0;
  let cpu = 0;
  let timer: NodeJS.Timeout | undefined;
  const startedAt = performance.now();
  const outcome = await runChild(task, LIMITS, {
    onStart(pid) {
      timer = setInterval(() => {
        const resident = residentBytes(pid);
        if (resident === null) return;
        peakBytes = Math.max(peakBytes, resident);
        cpu = cpuSeconds(pid);
      }, POLL_MS);
    },
    onProgress(percent) {
      // Soon after the last report the process is gone.
      if (percent === 100) clearInterval(timer);
    },
  }).finally(() => clearInterval(timer));
  const seconds = (performance.now() - startedAt) / 1000;
  if (outcome.kind !== "generated") throw new Error(`The generator ended as ${JSON.stringify(outcome)}`);
  return [
    { name: "local generator, 12 megapixels, photo to GLB", value: seconds, unit: "s", aim: 6 },
    { name: "local generator, processor time", value: cpu, unit: "s" },
    { name: "local generator, peak memory", value: peakBytes / 2 ** 20, unit: "MB", aim: 800 },
  ];
}
