import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../errors.ts";
import { GlbProblem } from "../glb-problem.ts";
import { serve, type Task } from "../worker-pool.ts";
import type { ExportTask, MadeFile } from "./exporter.ts";
import { EXPORTS } from "./kinds.ts";
import { loadPlaced } from "./load-placed.ts";

async function makeFiles(task: ExportTask): Promise<MadeFile[]> {
  const { kind: asked, sourcePath, targetFolder, dimensions, name, provenance } = task;
  const work = EXPORTS[asked];
  if (!work) throw new AppError("not-found");
  const contents = await work.make({ ...(await loadPlaced(sourcePath, dimensions)), name, provenance });
  return Promise.all(
    work.kinds.map(async (kind) => {
      const content = contents[kind]!;
      const target = path.join(targetFolder, kind + EXPORTS[kind]!.extension);
      await writeFile(target, content);
      const sha256 = createHash("sha256").update(content).digest("hex");
      return { kind, path: target, bytes: content.length, sha256 };
    }),
  );
}

export default (task: Task<ExportTask>) =>
  serve(task, async (input) => {
    try {
      return await makeFiles(input);
    } catch (error) {
      if (!(error instanceof GlbProblem)) throw error;
      throw new AppError("export-failed", { detail: error.detail, cause: error });
    }
  });
