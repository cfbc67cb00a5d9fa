import assert from "node:assert/strict";
import path from "node:path";
import { startProduct } from "./product.mjs";
import { countTriangles, getJson, succeed, uploadPhoto } from "./steps.mjs";

/**
 * Uses a fresh copy of the product as a newcomer would: `npm start` with nothing configured, a photo to a model,
 * stop, start again. `check(title, work)` runs and reports one step; the first failing one ends the smoke test.
 */
export async function smoke(folder, env, check) {
  const photo = path.join(folder, "test/fixtures/photos/sofa.jpg");
  let product;
  let model;
  await check("npm start in a fresh copy installs, builds and gets ready", async () => {
    product = await startProduct(folder, env);
    return `${product.startSeconds.toFixed(1)} s`;
  });
  try {
    await check("the page and the API answer", async () => {
      const page = await fetch(`${product.address}/`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<script[^>]+type="module"/);
      assert.equal((await getJson(`${product.address}/health`)).status, "healthy");
    });
    await check("an uploaded photo becomes a model", async () => {
      const { id } = await uploadPhoto(product.address, photo);
      const { modelId } = await succeed(product.address, id);
      model = await getJson(`${product.address}/api/v1/models/${modelId}`);
    });
    await check("the model's GLB is whole", async () => {
      const response = await fetch(new URL(model.files.glb.url, product.address));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "model/gltf-binary");
      const bytes = Buffer.from(await response.arrayBuffer());
      assert.equal(bytes.length, model.files.glb.bytes);
      const triangles = countTriangles(bytes);
      assert.equal(triangles, model.stats.triangles);
      assert.ok(triangles > 100, `only ${triangles} triangles`);
      return `${triangles} triangles, ${Math.round(bytes.length / 1024)} KiB`;
    });
  } finally {
    await check("SIGTERM ends it with exit code 0, and nothing is left running", () => product.stop());
  }
  await check("a second start still has the model", async () => {
    product = await startProduct(folder, env);
    try {
      await getJson(`${product.address}/api/v1/models/${model.id}`);
    } finally {
      await product.stop();
    }
    return `ready in ${product.startSeconds.toFixed(1)} s`;
  });
}
