import type { BackupProgress, OnProgress } from "./types.ts";

const LEAST_MS = 200;

/** Passes on some reports a second, and always the last one of a phase that is known to be complete. */
export function paced(onProgress: OnProgress | undefined): OnProgress {
  let nextAt = 0;
  return (progress: BackupProgress) => {
    const now = performance.now();
    if (!onProgress || (now < nextAt && progress.done !== progress.total)) return;
    nextAt = now + LEAST_MS;
    onProgress(progress);
  };
}
