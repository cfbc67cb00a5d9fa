import type { Box, Cutout } from "../../contract/generation.ts";
import { ERROR_TABLE, type ErrorCode } from "../../error-table.ts";
import { AppError } from "../../errors.ts";
import { type ChildLimits, runChild } from "./child/run-child.ts";
import { createSlots } from "./slots.ts";

const MAX_WAITING = 8;

export type CutoutPreview = (photoPath: string, box: Box | null, signal: AbortSignal) => Promise<Cutout>;

/**
 * Shows what the generator would cut out, before any model is made: a process of its own within the limits, one at
 * a time. Throws `no-object-found`, `photo-damaged`, `photo-too-small`, `generation-timeout`, `generator-crashed`,
 * `overloaded` where too many wait, and the reason of `signal`.
 */
export function createCutoutPreview(limits: ChildLimits): CutoutPreview {
  const slots = createSlots(1);
  let waiting = 0;
  return async (photoPath, box, signal) => {
    if (waiting >= MAX_WAITING) throw new AppError("overloaded");
    waiting += 1;
    const giveBack = await slots.take(signal).finally(() => {
      waiting -= 1;
    });
    try {
      return await previewCutout(photoPath, box, { ...limits, signal });
    } finally {
      giveBack();
    }
  };
}

async function previewCutout(
  photoPath: string,
  box: Box | null,
  options: ChildLimits & { signal: AbortSignal },
): Promise<Cutout> {
  const outcome = await runChild({ kind: "cutout", photoPath, box }, options, { signal: options.signal });
  if (outcome.kind === "cut-out") return outcome.cutout;
  if (outcome.kind === "timeout") throw new AppError("generation-timeout");
  if (outcome.kind === "failed" && outcome.code in ERROR_TABLE) {
    throw new AppError(outcome.code as ErrorCode, { cause: new Error(outcome.message) });
  }
  throw new AppError("generator-crashed", { cause: new Error(JSON.stringify(outcome)) });
}
