import { AR_ERROR_BOUND, AR_LIMITS } from "../ar-limits.ts";
import { canJoin, joinMeshes } from "../delivery/join-meshes.ts";
import { restoreExtents } from "../delivery/pack-geometry.ts";
import { simplifyMeshes } from "../delivery/simplify-meshes.ts";
import { readWorldParts } from "../world-mesh.ts";
import type { PlacedModel } from "./load-placed.ts";
import { spellOut } from "./plain-glb.ts";

/**
 * The model with about as many triangles as phones like, where that moves its surface by `AR_ERROR_BOUND` at most; its
 * size stays exact. A model with few enough stays as it is. The document is changed. @throws GlbProblem
 */
export async function simplifyForPhones({ document, parts, box }: PlacedModel): Promise<PlacedModel> {
  const triangles = parts.reduce((sum, { indices }) => sum + indices.length / 3, 0);
  if (triangles <= AR_LIMITS.triangles) return { document, parts, box };
  await spellOut(document);
  if (canJoin(document)) await joinMeshes(document);
  await simplifyMeshes(document, AR_LIMITS.triangles / triangles, AR_ERROR_BOUND);
  restoreExtents(document, box);
  return { document, parts: readWorldParts(document), box };
}
