import { z } from "zod";
import { Box } from "../../contract/generation.ts";
import type { ParamValues } from "../../contract/provider.ts";
import type { GenerateParams } from "./generate.ts";

export const TRIANGLES = { min: 20_000, max: 60_000, default: 30_000 };
export const TEXTURE_SIZES = [512, 1024, 2048];
export const MAX_DEPTH = 2;
export const MODES = ["auto", "object", "relief"] as const;

const LocalParams = z.object({
  triangles: z.number().int().min(TRIANGLES.min).max(TRIANGLES.max).default(TRIANGLES.default),
  texture_size: z.literal(TEXTURE_SIZES).default(1024),
  depth: z.number().min(0).max(MAX_DEPTH).default(0),
  mode: z.enum(MODES).default("auto"),
  box: Box.nullable().default(null),
});

/** The network's parameters as the generator takes them; null when they are not in the network's table. */
export function parseLocalParams(values: ParamValues): GenerateParams | null {
  const parsed = LocalParams.safeParse(values);
  if (!parsed.success) return null;
  const { triangles, texture_size: textureSize, depth, mode, box } = parsed.data;
  return { triangles, textureSize, depth: depth === 0 ? null : depth, mode, box };
}
