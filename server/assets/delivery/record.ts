import type { DeliveryRecord } from "../../contract/delivery.ts";
import type { Attempt } from "./attempt.ts";

/**
 * What was done, for the model's stats.
 * @param trianglesBefore of the scene, every instance counted
 */
export function recordOf(
  { method, content, textures, drawCalls, triangles, positionStepMetres, simplifiedByMetres }: Attempt,
  originalBytes: number,
  trianglesBefore: number,
  maxBytes: number | null,
): DeliveryRecord {
  const sides = textures.flatMap(({ width, height }) => [width, height]);
  return {
    method,
    bytes: content.length,
    originalBytes,
    drawCalls,
    trianglesBefore,
    triangles,
    textureSide: sides.length > 0 ? Math.max(...sides) : null,
    positionStepMetres,
    simplifiedByMetres,
    maxBytes,
    isWithinBudget: maxBytes === null || content.length <= maxBytes,
  };
}
