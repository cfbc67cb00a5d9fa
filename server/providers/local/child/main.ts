import fs from "node:fs/promises";
import { AppError } from "../../../errors.ts";
import { type ChildMessage, ChildTask } from "./messages.ts";

/** The process of its own in which one photo becomes one model. It ends with its task, or with its parent. */
process.once("disconnect", () => process.exit(0));
process.once("message", async (message) => {
  const answer = await perform(ChildTask.parse(message)).catch(describeFailure);
  process.send?.(answer, () => process.exit(0));
});

async function perform(task: ChildTask): Promise<ChildMessage> {
  if (task.kind === "cutout") {
    const { cutoutPreview } = await import("../cutout/preview.ts");
    return { kind: "cut-out", cutout: await cutoutPreview(task.photoPath, task.box) };
  }
  const { generate } = await import("../generate.ts");
  const { glb, report } = await generate(task.photoPath, task.params, reportProgress);
  await fs.writeFile(task.outputPath, glb);
  return { kind: "generated", report };
}

function reportProgress(percent: number): void {
  const { user, system } = process.cpuUsage();
  const message: ChildMessage = {
    kind: "progress",
    percent,
    rssBytes: process.memoryUsage.rss(),
    processorSeconds: (user + system) / 1e6,
  };
  // A parent that has just gone is told of by "disconnect"; the write that met it must not be an error of its own.
  process.send?.(message, ignoreClosedChannel);
}

function ignoreClosedChannel(): void {}

function describeFailure(error: unknown): ChildMessage {
  if (error instanceof AppError) return { kind: "failed", code: error.code, message: error.detail.en };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "failed", code: "generator-crashed", message };
}
