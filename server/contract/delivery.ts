import { z } from "zod";

/** Wishes for the file that viewers load (`model.glb`). */
export const DeliveryRequest = z
  .strictObject({
    maxBytes: z
      .number()
      .int()
      .min(20_000)
      .max(200_000_000)
      .nullable()
      .describe("Bytes that `model.glb` should stay under; null is the server's own bound, or none"),
  })
  .meta({ id: "DeliveryRequest" });
export type DeliveryRequest = z.infer<typeof DeliveryRequest>;

/**
 * What was done to make `model.glb` of the original. `packed` is meshopt with quantised vertices, `plain` the cleaned
 * geometry as it was, `placed` the original with nothing but its size and place changed.
 */
export const DeliveryRecord = z
  .object({
    method: z.enum(["packed", "plain", "placed"]),
    bytes: z.number().int(),
    originalBytes: z.number().int(),
    drawCalls: z.number().int(),
    trianglesBefore: z.number().int(),
    triangles: z.number().int(),
    textureSide: z.number().int().nullable().describe("Longest side of the largest texture in pixels"),
    positionStepMetres: z.number().describe("Step of the grid that positions lie on; 0 is none"),
    simplifiedByMetres: z.number().describe("How far the surface may be from the original's; 0 is untouched"),
    maxBytes: z.number().int().nullable(),
    isWithinBudget: z.boolean(),
  })
  .meta({ id: "DeliveryRecord" });
export type DeliveryRecord = z.infer<typeof DeliveryRecord>;
