import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import type { WrittenFile } from "../glb.ts";
import { GlbProblem } from "../glb-problem.ts";
import { serve, type Task } from "../worker-pool.ts";
import type { ExportTask } from "./exporter.ts";
import { EXPORTS } from "./kinds.ts";
import { loadPlaced } from "./load-placed.ts";

async function makeFile(task: ExportTask): Promise<WrittenFile> {
  const { kind, sourcePath, targetPath, dimensions, name, provenance } = task;
  const format = EXPORTS[kind];
  if (!format) throw new AppError("not-found");
  const content = await format.make({ ...(await loadPlaced(sourcePath, dimensions)), name, provenance });
  await writeFile(targetPath, content);
  return {
    path: targetPath,
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
  };
}

export default (task: Task<ExportTask>) =>
  serve(task, async (input) => {
    try {
      return await makeFile(input);
    } catch (error) {
      if (!(error instanceof GlbProblem)) throw error;
      throw new AppError("export-failed", { detail: error.detail, cause: error });
    }
  });
