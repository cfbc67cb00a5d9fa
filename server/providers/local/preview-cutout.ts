import type { Box, Cutout } from "../../contract/generation.ts";
import { ERROR_TABLE, type ErrorCode } from "../../error-table.ts";
import { AppError } from "../../errors.ts";
import { type ChildLimits, runChild } from "./child/run-child.ts";

/**
 * Shows what the generator would cut out, before any model is made; a process of its own within the limits. Throws
 * `no-object-found`, `photo-damaged`, `photo-too-small`, `generation-timeout`, `generator-crashed`, and the
 * reason of `signal`.
 */
export async function previewCutout(
  photoPath: string,
  box: Box | null,
  options: ChildLimits & { signal?: AbortSignal },
): Promise<Cutout> {
  const outcome = await runChild({ kind: "cutout", photoPath, box }, options, { signal: options.signal });
  if (outcome.kind === "cut-out") return outcome.cutout;
  if (outcome.kind === "timeout") throw new AppError("generation-timeout");
  if (outcome.kind === "failed" && outcome.code in ERROR_TABLE) {
    throw new AppError(outcome.code as ErrorCode, { cause: new Error(outcome.message) });
  }
  throw new AppError("generator-crashed", { cause: new Error(JSON.stringify(outcome)) });
}
