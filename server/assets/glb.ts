import "./image-loaders.ts";
import type { Dimensions, DimensionsInput } from "../contract/common.ts";
import type { GenerationStage } from "../contract/generation.ts";
import type { ModelStats } from "../contract/model.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import { createWorkerPool } from "./worker-pool.ts";

/** A model of a million triangles takes ten seconds of a free core; a busy machine may be ten times as slow. */
const TIME_LIMIT_SECONDS = 120;
const MAX_HEAP_MEGABYTES = 1024;

export type ModelStage = Extract<GenerationStage, "checking" | "optimizing" | "thumbnail">;

export interface ModelTask {
  sourcePath: string;
  targetFolder: string;
  dimensions: DimensionsInput | null;
  /** Bytes that the delivery should stay under; null is the processor's own bound. */
  maxBytes: number | null;
  invalidCode: Extract<ErrorCode, "result-invalid" | "model-invalid">;
}

/** A file that was written; `sha256` is lower-case hex. */
export interface WrittenFile {
  path: string;
  bytes: number;
  sha256: string;
}

export interface ProcessedModel {
  /** `model.glb`: true size, standing on the origin, meshopt and WebP; never larger than the source. */
  delivery: WrittenFile;
  /** `preview.glb`: the same with smaller textures, to be drawn first; null where that saves too little. */
  preview: WrittenFile | null;
  /** `thumbnail.webp`, 512 × 512 pixels. */
  thumbnail: WrittenFile;
  dimensions: Dimensions;
  /** Facts about the delivery. */
  stats: ModelStats;
  /** What the glTF validator warns of. */
  warnings: string[];
}

export interface ModelProcessor {
  /**
   * Checks a GLB and makes the files that are shown. The source stays as it is.
   * @throws AppError `invalidCode`, or `not-a-glb` in place of `model-invalid` where it is something else; also
   * `disk-full`, `overloaded`, and the reason of `signal`
   */
  process(
    task: ModelTask,
    options?: { signal?: AbortSignal; onStage?: (stage: ModelStage) => void },
  ): Promise<ProcessedModel>;
  dispose(): Promise<void>;
}

/** Processes models in at most `threads` threads of their own, each for two minutes at most. */
export function createModelProcessor(options: {
  threads: number;
  timeLimitSeconds?: number;
  /** Bytes that deliveries should stay under where a task says nothing; null or nothing is no bound. */
  maxBytes?: number | null;
}): ModelProcessor {
  const pool = createWorkerPool<ModelTask, ProcessedModel, ModelStage>({
    file: new URL("./glb-worker.ts", import.meta.url),
    threads: options.threads,
    timeLimitSeconds: options.timeLimitSeconds ?? TIME_LIMIT_SECONDS,
    maxHeapMegabytes: MAX_HEAP_MEGABYTES,
  });
  return {
    process: (task, { signal, onStage } = {}) =>
      pool.run(
        { ...task, maxBytes: task.maxBytes ?? options.maxBytes ?? null },
        {
          signal,
          onMessage: onStage,
          onCrash: (cause) =>
            new AppError(task.invalidCode, {
              cause,
              detail: {
                en: "The model takes too long or too much memory to process.",
                ru: "Модель обрабатывается слишком долго или требует слишком много памяти.",
              },
            }),
        },
      ),
    dispose: () => pool.dispose(),
  };
}
