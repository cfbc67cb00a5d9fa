import { z } from "zod";
import { Box, Cutout } from "../../../contract/generation.ts";

/** What the child process is asked to do; one task a process. */
export const ChildTask = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("generate"),
    photoPath: z.string(),
    outputPath: z.string(),
    params: z.object({
      triangles: z.number(),
      textureSize: z.number(),
      depth: z.number().nullable(),
      mode: z.enum(["auto", "object", "relief"]),
      box: Box.nullable(),
    }),
  }),
  z.object({ kind: z.literal("cutout"), photoPath: z.string(), box: Box.nullable() }),
]);
export type ChildTask = z.infer<typeof ChildTask>;

export const GenerateReport = z.object({
  mode: z.enum(["object", "relief"]),
  maskSource: z.string(),
  confidence: z.number(),
  shape: z.string(),
  guessed: z.array(z.string()),
  scaleAssumed: z.literal(true),
  triangles: z.number(),
});

/** What the child process says. `failed` carries a code of the error table. */
export const ChildMessage = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("progress"),
    percent: z.number(),
    rssBytes: z.number(),
    processorSeconds: z.number(),
  }),
  z.object({ kind: z.literal("generated"), report: GenerateReport }),
  z.object({ kind: z.literal("cut-out"), cutout: Cutout }),
  z.object({ kind: z.literal("failed"), code: z.string(), message: z.string() }),
]);
export type ChildMessage = z.infer<typeof ChildMessage>;
