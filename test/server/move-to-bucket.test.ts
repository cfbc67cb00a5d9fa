import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { it } from "node:test";
import type { Model } from "../../server/contract/model.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { startS3Server } from "../support/backup/s3-server.ts";
import { createTestDatabase } from "../support/database.ts";
import { boxGlb } from "../support/make-glb.ts";
import {
  bucketEnvironment,
  bucketPlace,
  type FilePlace,
  folderPlace,
} from "../support/restore/file-places.ts";

async function importModel(app: TestApp): Promise<Model> {
  const body = new FormData();
  body.set("file", new Blob([Uint8Array.from(await boxGlb([1, 1, 1]))]), "box.glb");
  const answer = await app.request("/api/v1/models", { method: "POST", body });
  assert.equal(answer.status, 201, await answer.clone().text());
  return (await answer.json()) as Model;
}

async function readFileOf(app: TestApp, { id }: Model): Promise<Buffer> {
  const answer = await app.request(`/api/v1/models/${id}/files/model.glb`);
  assert.equal(answer.status, 200, await answer.clone().text());
  return Buffer.from(await answer.arrayBuffer());
}

/** As `aws s3 sync --exclude 'temp/*' --exclude '.*'` of docs/restore.md. */
async function copyFiles(from: FilePlace, to: FilePlace): Promise<void> {
  for (const [key, content] of Object.entries(await from.contents())) {
    if (!key.startsWith("temp/") && !key.startsWith(".")) await to.put(key, content);
  }
}

it("finds files in a bucket, and in a folder again, after they were copied there as they are", async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(await createTestDatabase(), (part) => part.dispose());
  const root = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-move-"));
  stack.defer(() => rm(root, { recursive: true, force: true }));
  const server = stack.adopt(await startS3Server(), (part) => part.close());
  const [first, second] = ["first", "second"].map((name) => path.join(root, name, "uploads"));
  const bucket = bucketPlace(server, path.join(root, "scratch"));
  const databaseUrl = database.url;

  let one: Model;
  let oneFile: Buffer;
  {
    await using app = await startTestApp({ databaseUrl, uploads: first });
    one = await importModel(app);
    oneFile = await readFileOf(app, one);
  }
  await copyFiles(folderPlace(first), bucket);
  let two: Model;
  let twoFile: Buffer;
  {
    await using app = await startTestApp({ databaseUrl, env: bucketEnvironment(server) });
    assert.deepEqual(await readFileOf(app, one), oneFile);
    two = await importModel(app);
    twoFile = await readFileOf(app, two);
  }
  await copyFiles(bucket, folderPlace(second));
  {
    await using app = await startTestApp({ databaseUrl, uploads: second });
    assert.deepEqual(await readFileOf(app, one), oneFile);
    assert.deepEqual(await readFileOf(app, two), twoFile);
  }
});
