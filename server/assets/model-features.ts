import type { Document } from "@gltf-transform/core";
import type { ModelFeatures } from "../contract/ar.ts";

/** What of a document AR viewers treat differently. */
export function featuresOf(document: Document): ModelFeatures {
  const root = document.getRoot();
  const primitives = root.listMeshes().flatMap((mesh) => mesh.listPrimitives());
  const semantics = new Set(primitives.flatMap((primitive) => primitive.listSemantics()));
  const ends = root
    .listAnimations()
    .flatMap((animation) => animation.listSamplers())
    .map((sampler) => sampler.getInput()?.getMax([])[0] ?? 0);
  return {
    animations: root.listAnimations().length,
    animationSeconds: Math.max(0, ...ends),
    joints: new Set(root.listSkins().flatMap((skin) => skin.listJoints())).size,
    morphTargets: primitives.some((primitive) => primitive.listTargets().length > 0),
    vertexColours: semantics.has("COLOR_0"),
    uvSets: [...semantics].filter((semantic) => semantic.startsWith("TEXCOORD_")).length,
  };
}
