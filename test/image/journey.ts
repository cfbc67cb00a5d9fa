import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import type { Model } from "../../server/contract/model.ts";
import { countTriangles } from "../smoke/steps.mjs";

const PHOTO = path.resolve(import.meta.dirname, "../fixtures/photos/sofa.jpg");

interface Administrator {
  email: string;
  password: string;
}

/** Takes a photo through a running product, to a model and to a file for printing. Answers what came, in words. */
export async function travel(url: string, { email, password }: Administrator): Promise<string> {
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<script[^>]+type="module"/);
  const signedIn = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password, tokens: true }),
  });
  const { accessToken } = (await answerOf(signedIn, 200)) as { accessToken: string };
  const headers = { Authorization: `Bearer ${accessToken}` };
  const form = new FormData();
  form.set("photo", new Blob([await readFile(PHOTO)], { type: "image/jpeg" }), "sofa.jpg");
  const accepted = await fetch(`${url}/api/v1/generations`, { method: "POST", headers, body: form });
  const read = async (address: string) => answerOf(await fetch(url + address, { headers }), 200);
  let generation = (await answerOf(accepted, 202)) as Generation;
  while (generation.finishedAt === null) {
    await sleep(200);
    generation = (await read(`/api/v1/generations/${generation.id}`)) as Generation;
  }
  assert.equal(generation.status, "succeeded", JSON.stringify(generation));
  const model = (await read(`/api/v1/models/${generation.modelId}`)) as Model;
  const glb = await fetch(new URL(model.files.glb!.url, url), { headers });
  const triangles = countTriangles(Buffer.from(await glb.arrayBuffer()));
  assert.equal(triangles, model.stats!.triangles);
  const stl = await fetch(`${url}/api/v1/models/${model.id}/files/model.stl`, { headers });
  assert.equal(stl.status, 200);
  const bytes = Buffer.from(await stl.arrayBuffer());
  // Binary STL: 80 bytes, the number of triangles, 50 bytes for each.
  assert.equal(bytes.length, 84 + 50 * bytes.readUInt32LE(80));
  return `${triangles} triangles, ${Math.round(bytes.length / 1024)} KiB of STL`;
}

async function answerOf(response: Response, status: number): Promise<unknown> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  return JSON.parse(text);
}
