import { z } from "zod";
import { AR_VIEWERS } from "./ar-viewers.ts";
import { LocalizedText } from "./common.ts";

/** Something that a phone's own AR viewer may not like about a model, and what to do about it. */
export const ArAdvice = z
  .object({
    code: z.enum([
      "triangles",
      "vertices",
      "materials",
      "texture-size",
      "file-size",
      "animations",
      "animation-length",
      "morph-targets",
      "vertex-colours",
      "uv-sets",
      "joints",
    ]),
    viewers: z.array(z.enum(AR_VIEWERS)),
    limit: z.number().nullable(),
    actual: z.number().nullable(),
    text: LocalizedText,
  })
  .meta({ id: "ArAdvice" });
export type ArAdvice = z.infer<typeof ArAdvice>;

/** What of a model AR viewers treat differently. */
export const ModelFeatures = z
  .object({
    animations: z.number().int(),
    animationSeconds: z.number().describe("Length of the longest animation"),
    joints: z.number().int(),
    morphTargets: z.boolean(),
    vertexColours: z.boolean(),
    uvSets: z.number().int().describe("Sets of texture coordinates that materials use"),
  })
  .meta({ id: "ModelFeatures" });
export type ModelFeatures = z.infer<typeof ModelFeatures>;
