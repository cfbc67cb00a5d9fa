import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";

/** Calls `attempt` until it answers something, or throws what happened last when `limitMs` have passed. */
export async function until(what, limitMs, attempt) {
  const deadline = Date.now() + limitMs;
  let reason = "";
  while (Date.now() < deadline) {
    try {
      const answer = await attempt();
      if (answer) return answer;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      reason = ` (${error.cause?.message ?? error.message})`;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within ${limitMs / 1000} s${reason}`);
}

/** Sends a photo for a model by the built-in generator; answers the accepted generation. */
export async function uploadPhoto(address, file) {
  const form = new FormData();
  form.set("photo", new Blob([await fs.readFile(file)], { type: "image/jpeg" }), path.basename(file));
  const response = await fetch(`${address}/api/v1/generations`, { method: "POST", body: form });
  const text = await response.text();
  assert.equal(response.status, 202, text);
  return JSON.parse(text);
}

/** Polls a generation to its end; answers it when it succeeded. */
export const succeed = (address, id) =>
  until(`generation ${id} succeeds`, 300_000, async () => {
    const generation = await getJson(`${address}/api/v1/generations/${id}`);
    assert.ok(
      !["failed", "canceled", "needs-confirmation"].includes(generation.status),
      JSON.stringify(generation),
    );
    return generation.status === "succeeded" && generation;
  });

export async function getJson(url) {
  const response = await fetch(url);
  assert.equal(response.status, 200, `${url}: ${response.status}`);
  return response.json();
}

/**
 * Checks a binary glTF from its own bytes: header, length, JSON chunk (glTF 2.0 specification, section 4.4),
 * at least one texture. Answers the number of triangles that its primitives have.
 */
export function countTriangles(bytes) {
  assert.equal(bytes.toString("latin1", 0, 4), "glTF");
  assert.equal(bytes.readUInt32LE(4), 2);
  assert.equal(bytes.readUInt32LE(8), bytes.length);
  assert.equal(bytes.toString("latin1", 16, 20), "JSON");
  const gltf = JSON.parse(bytes.toString("utf8", 20, 20 + bytes.readUInt32LE(12)));
  assert.ok(gltf.images?.length > 0, "the model has no texture");
  const count = ({ mode = 4, indices, attributes }) => {
    assert.equal(mode, 4, "a primitive is not made of triangles");
    return gltf.accessors[indices ?? attributes.POSITION].count / 3;
  };
  return gltf.meshes.flatMap(({ primitives }) => primitives.map(count)).reduce((sum, n) => sum + n, 0);
}
