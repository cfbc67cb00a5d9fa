import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import pg from "pg";
import { removeOrphans } from "../../server/services/housekeeping.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { photoForm, postPhoto, readPhoto } from "../support/client.ts";
import { createTestDatabase } from "../support/database.ts";
import { createDatabaseAtRest } from "../support/database-at-rest.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";

const SHA = "ab".repeat(32);
const LONG_AGO = new Date(Date.now() - 3 * 86_400_000);

async function importModel(app: TestApp): Promise<string> {
  const body = photoForm(await makeSampleGlb(), {}, "thing.glb", "file");
  const response = await app.request("/api/v1/models", { method: "POST", body });
  return ((await response.json()) as { id: string }).id;
}

/** Old files that no row names: a photo and a half-made model. */
async function leaveOrphans(app: TestApp): Promise<string[]> {
  const files = [`input/ab/${SHA}.jpg`, "models/00000000-0000-7000-8000-000000000000/glb-1.glb"];
  const made = files.map((name) => path.join(app.uploads, name));
  for (const file of made) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, "left over");
    await utimes(file, LONG_AGO, LONG_AGO);
  }
  return made;
}

/** Test databases are copies and would all have one id. */
async function createOtherDatabase() {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("UPDATE installation SET id = gen_random_uuid()");
  await client.end();
  return database;
}

describe("housekeeping", () => {
  it("removes old files that no row names, and nothing else", async () => {
    const database = await createDatabaseAtRest();
    const app = await startTestApp({ databaseUrl: database.url });
    try {
      const id = await importModel(app);
      const folder = path.join(app.uploads, "models", id);
      for (const name of await readdir(folder)) await utimes(path.join(folder, name), LONG_AGO, LONG_AGO);
      const orphans = await leaveOrphans(app);
      assert.equal(await removeOrphans(app.context), 2);
      assert.ok(orphans.every((file) => !existsSync(file)));
      assert.equal((await readdir(folder)).length, 3);
    } finally {
      await app.dispose();
      await database.dispose();
    }
  });

  it("leaves a photo alone that was given again since it was found to be old", async () => {
    await using app = await startTestApp();
    const key = `input/ab/${SHA}.jpg`;
    await mkdir(path.join(app.uploads, "input/ab"), { recursive: true });
    await writeFile(path.join(app.uploads, key), "stored anew; its row is about to come");
    const { storage } = app.context;
    async function* asFound(prefix: string) {
      for await (const object of storage.list(prefix)) yield { ...object, modifiedAt: LONG_AGO };
    }
    assert.equal(await removeOrphans({ ...app.context, storage: { ...storage, list: asFound } }), 0);
    assert.ok(await storage.stat(key));
  });

  it("has nothing to do for a photo that was refused, for nothing of it stays", async () => {
    await using app = await startTestApp({ env: { USER_STORAGE_BYTES: "1000" } });
    const answer = await postPhoto(app, photoForm(await readPhoto("sofa.jpg")));
    assert.equal(((await answer.json()) as { code: string }).code, "storage-quota");
    assert.deepEqual(await Array.fromAsync(app.context.storage.list("input/")), []);
  });

  it("touches nothing in a store that an earlier, lost database filled", async () => {
    const first = await startTestApp();
    const id = await importModel(first);
    const other = await createOtherDatabase();
    const second = await startTestApp({ uploads: first.uploads, databaseUrl: other.url });
    try {
      const folder = path.join(first.uploads, "models", id);
      for (const name of await readdir(folder)) await utimes(path.join(folder, name), LONG_AGO, LONG_AGO);
      assert.equal(await removeOrphans(second.context), 0);
      assert.equal((await readdir(folder)).length, 3);
      assert.ok(second.lines.some(({ message }) => /another database/.test(String(message))));
      await importModel(second);
      assert.equal(await removeOrphans(second.context), 0, "also once it has rows of its own");
    } finally {
      await second.dispose();
      await other.dispose();
      await first.dispose();
    }
  });
});
