import "../image-loaders.ts";
import type { DimensionsInput } from "../../contract/common.ts";
import type { ExportKind } from "../../contract/model.ts";
import { AppError } from "../../errors.ts";
import type { WrittenFile } from "../glb.ts";
import { createWorkerPool } from "../worker-pool.ts";
import type { Provenance } from "./provenance.ts";

const TIME_LIMIT_SECONDS = 120;
const MAX_HEAP_MEGABYTES = 1024;
const MAX_QUEUED_PER_THREAD = 16;

export interface ExportTask {
  kind: ExportKind;
  sourcePath: string;
  /** An empty folder for the new files. */
  targetFolder: string;
  dimensions: DimensionsInput | null;
  name: string;
  provenance: Provenance;
}

export interface MadeFile extends WrittenFile {
  kind: ExportKind;
}

export interface Exporter {
  /**
   * Makes a file from an original, which stays as it is, and all that come out of the same work.
   * @throws AppError `export-failed`, `disk-full`, `overloaded`, `shutting-down`
   */
  make(task: ExportTask): Promise<MadeFile[]>;
  dispose(): Promise<void>;
}

/** Makes files in at most `threads` threads of their own, two minutes at most for a piece of work. */
export function createExporter(options: { threads: number; timeLimitSeconds?: number }): Exporter {
  const pool = createWorkerPool<ExportTask, MadeFile[]>({
    file: new URL("./export-worker.ts", import.meta.url),
    threads: options.threads,
    timeLimitSeconds: options.timeLimitSeconds ?? TIME_LIMIT_SECONDS,
    maxHeapMegabytes: MAX_HEAP_MEGABYTES,
    maxQueued: options.threads * MAX_QUEUED_PER_THREAD,
  });
  const stopped = new AbortController();
  return {
    make: (task) => pool.run(task, { signal: stopped.signal, onCrash: tooHeavy }),
    dispose: async () => {
      stopped.abort(new AppError("shutting-down"));
      await pool.dispose();
    },
  };
}

const tooHeavy = (cause: unknown) =>
  new AppError("export-failed", {
    cause,
    detail: {
      en: "This file takes too long or too much memory to make from this model.",
      ru: "Этот файл делается из этой модели слишком долго или требует слишком много памяти.",
    },
  });
