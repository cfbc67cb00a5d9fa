import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Model } from "../../server/contract/model.ts";
import type { Share } from "../../server/contract/share.ts";
import type { TestApp } from "./app.ts";
import { photoForm } from "./client.ts";
import { boxGlb } from "./make-glb.ts";

/** A box of 20 × 10 × 30 cm as a model of the product. */
export async function importBox(app: TestApp, name = "Box"): Promise<Model> {
  const body = photoForm(await boxGlb([0.2, 0.3, 0.1]), { name }, "box.glb", "file");
  const response = await app.request("/api/v1/models", { method: "POST", body });
  assert.equal(response.status, 201);
  return (await response.json()) as Model;
}

/** A request with a JSON body. */
export const send = (app: TestApp, method: string, url: string, body: unknown = {}) =>
  app.request(url, {
    method,
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });

async function made(response: Response): Promise<Share> {
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()) as Share;
}

export const shareModel = async (app: TestApp, modelId: string, body: object = {}) =>
  made(await send(app, "POST", `/api/v1/models/${modelId}/shares`, body));

export const shareGallery = async (app: TestApp, body: object) =>
  made(await send(app, "POST", "/api/v1/shares", body));

/** A built page that has the share page alone: its HTML as in the source, without its script. */
export async function sharePageFolder(): Promise<{ folder: string } & AsyncDisposable> {
  const source = path.resolve(import.meta.dirname, "../../web/share.html");
  const folder = await mkdtemp(path.join(os.tmpdir(), "share-page-"));
  const html = await readFile(source, "utf8");
  await writeFile(path.join(folder, "share.html"), html.replace(/<script type="module".*?<\/script>/, ""));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
