import type { OnProgress } from "../../backup/types.ts";
import type { RunHandle } from "./exclusive-run.ts";

const STEPS = { database: "database", files: "files", verify: "verifying" } as const;

/** Tells how far making or verifying is as the run's progress. */
export const progressOf =
  (handle: RunHandle): OnProgress =>
  ({ phase, done, total, doneBytes, totalBytes }) => {
    // After the last table come the files, and the first of them may be a large one.
    if (phase === "database" && done === total) return handle.report({ step: "files", bytesDone: 0 });
    const isDatabase = phase === "database";
    handle.report({
      step: STEPS[phase],
      filesDone: isDatabase ? 0 : done,
      filesTotal: isDatabase ? null : total,
      bytesDone: doneBytes,
      bytesTotal: totalBytes,
    });
  };
