import type { Model } from "../server/contract/model.ts";

/** Uploads a GLB; answers the model and how long that took until it was published, milliseconds. */
export async function importModel(
  url: string,
  glb: Buffer,
  headers: Record<string, string> = {},
): Promise<{ model: Model; tookMs: number }> {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(glb)], { type: "model/gltf-binary" }), "vase.glb");
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/v1/models`, { method: "POST", body: form, headers });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`The import was answered with ${response.status}: ${text}`);
  return { model: JSON.parse(text), tookMs: performance.now() - startedAt };
}
