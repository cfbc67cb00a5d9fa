import fs from "node:fs";
import path from "node:path";

const PHOTO = path.resolve(import.meta.dirname, "../test/fixtures/photos/sofa.jpg");
const DEADLINE_MS = 120_000;
const END_STATES = ["succeeded", "failed", "canceled", "needs-confirmation"];

interface Generation {
  id: string;
  status: string;
  modelId: string | null;
  error: { code: string } | null;
}

/** Uploads the sofa; answers the generation and how long the answer took, milliseconds. */
export async function upload(url: string): Promise<{ generation: Generation; tookMs: number }> {
  const form = new FormData();
  form.set("photo", new Blob([fs.readFileSync(PHOTO)], { type: "image/jpeg" }), "sofa.jpg");
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/v1/generations`, { method: "POST", body: form });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`The upload was answered with ${response.status}: ${text}`);
  return { generation: JSON.parse(text), tookMs: performance.now() - startedAt };
}

/** Follows the events of a generation to its end; answers the last state. Throws unless it succeeded. */
export async function follow(url: string, id: string): Promise<Generation> {
  const response = await fetch(`${url}/api/v1/generations/${id}/events`, {
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!response.ok || !response.body) throw new Error(`The events were answered with ${response.status}`);
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((entry) => entry.startsWith("data:"))) {
      const generation: Generation = JSON.parse(line.slice(5));
      if (!END_STATES.includes(generation.status)) continue;
      if (generation.status === "succeeded") return generation;
      throw new Error(`The generation ended as ${generation.status} (${generation.error?.code})`);
    }
  }
  throw new Error("The events ended before the generation did.");
}

/** From the first byte of the upload to the event that says `succeeded`, milliseconds. */
export async function photoToModel(url: string): Promise<{ modelId: string; tookMs: number }> {
  const startedAt = performance.now();
  const { generation } = await upload(url);
  const { modelId } = await follow(url, generation.id);
  if (!modelId) throw new Error("A generation succeeded without a model.");
  return { modelId, tookMs: performance.now() - startedAt };
}
