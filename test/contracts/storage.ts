import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import type { Storage } from "../../server/storage/storage.ts";

export const UNSAFE_KEYS = [
  "",
  ".",
  "..",
  "../outside",
  "models/../../outside",
  "models/..",
  "/etc/passwd",
  "models//a.glb",
  "models/a.glb/",
  "models/a\0.glb",
  "models\\..\\outside",
  "C:/windows",
  "models/.hidden",
  "models/a.glb.",
  "models/a b.glb",
  "models/ключ.glb",
  "models/%2e%2e/a",
  "temp/work",
  `models/${"a".repeat(600)}`,
];

/** What every implementation of `Storage` must do. */
export function storageContract(name: string, make: () => Promise<Storage> | Storage) {
  /** Puts content under a key, by way of a workspace. */
  async function put(storage: Storage, key: string, content: string) {
    const workspace = await storage.workspace();
    const path = join(workspace.path, "file");
    await writeFile(path, content);
    await storage.publish(key, path);
    assert.equal(existsSync(path), false, "the local file is gone");
    await workspace.dispose();
  }

  async function keysOf(storage: Storage, prefix: string) {
    const keys: string[] = [];
    for await (const object of storage.list(prefix)) keys.push(object.key);
    return keys.sort();
  }

  describe(`storage contract: ${name}`, () => {
    it("gives back what was published, with its size and time", async () => {
      const storage = await make();
      const before = Date.now() - 2000;
      await put(storage, "models/1/a.glb", "hello");
      const found = await storage.stat("models/1/a.glb");
      assert.equal(found?.bytes, 5);
      assert.equal(found?.key, "models/1/a.glb");
      assert.ok(found.modifiedAt.getTime() >= before);
      assert.equal(await text(await storage.read("models/1/a.glb")), "hello");
    });

    it("reads an inclusive range", async () => {
      const storage = await make();
      await put(storage, "input/ab/a.jpg", "0123456789");
      assert.equal(await text(await storage.read("input/ab/a.jpg", { start: 2, end: 4 })), "234");
      assert.equal(await text(await storage.read("input/ab/a.jpg", { start: 9, end: 9 })), "9");
      assert.equal(await text(await storage.read("input/ab/a.jpg", { start: 0, end: 9 })), "0123456789");
    });

    it("replaces what was there", async () => {
      const storage = await make();
      await put(storage, "models/1/a.glb", "old and longer");
      await put(storage, "models/1/a.glb", "new");
      assert.equal(await text(await storage.read("models/1/a.glb")), "new");
      assert.equal((await storage.stat("models/1/a.glb"))?.bytes, 3);
    });

    it("publishes many keys at once beside removals in the same folder", async () => {
      const storage = await make();
      const rounds = Array.from({ length: 20 }, (_, index) => `models/shared/${index}.bin`);
      await Promise.all(
        rounds.map(async (key, index) => {
          await put(storage, key, key);
          if (index % 2) await storage.remove(key);
        }),
      );
      assert.deepEqual(await keysOf(storage, "models/"), rounds.filter((_, index) => index % 2 === 0).sort());
    });

    it("has no half-written key while a large one is published", async () => {
      const storage = await make();
      const content = "x".repeat(3_000_000);
      const publishing = put(storage, "models/1/big.glb", content);
      let done = false;
      publishing.finally(() => {
        done = true;
      });
      while (!done) {
        const found = await storage.stat("models/1/big.glb");
        assert.ok(found === null || found.bytes === content.length);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await publishing;
    });

    it("says file-missing for a key that is not there", async () => {
      const storage = await make();
      assert.equal(await storage.stat("models/none.glb"), null);
      await assert.rejects(storage.read("models/none.glb"), { code: "file-missing" });
      await assert.rejects(storage.materialize("models/none.glb"), { code: "file-missing" });
      await storage.remove("models/none.glb");
    });

    it("does not take a folder for a key", async () => {
      const storage = await make();
      await put(storage, "models/1/a.glb", "a");
      assert.equal(await storage.stat("models/1"), null);
      await assert.rejects(storage.read("models/1"), { code: "file-missing" });
      await storage.remove("models/1");
      assert.equal((await storage.stat("models/1/a.glb"))?.bytes, 1);
    });

    it("removes", async () => {
      const storage = await make();
      await put(storage, "models/1/a.glb", "a");
      await put(storage, "models/1/b.glb", "b");
      await storage.remove("models/1/a.glb");
      assert.equal(await storage.stat("models/1/a.glb"), null);
      assert.deepEqual(await keysOf(storage, ""), ["models/1/b.glb"]);
    });

    it("lists by prefix", async () => {
      const storage = await make();
      for (const key of ["models/1/a.glb", "models/1/b.webp", "models/12/a.glb", "input/ab/c.jpg"]) {
        await put(storage, key, key);
      }
      assert.deepEqual(await keysOf(storage, "models/1/"), ["models/1/a.glb", "models/1/b.webp"]);
      assert.deepEqual(await keysOf(storage, "models/1"), [
        "models/1/a.glb",
        "models/1/b.webp",
        "models/12/a.glb",
      ]);
      assert.deepEqual(await keysOf(storage, "input/ab/c"), ["input/ab/c.jpg"]);
      assert.deepEqual(await keysOf(storage, "none/"), []);
      assert.equal((await keysOf(storage, "")).length, 4);
    });

    it("keeps a workspace under a name for exactly one taker", async () => {
      const storage = await make();
      const name = `kept-${randomUUID()}`;
      const first = await storage.workspace(name);
      assert.deepEqual(await readdir(first.path), []);
      await writeFile(join(first.path, "part"), "half");
      await first.keep(name);
      assert.equal(existsSync(first.path), false);
      const [second, third] = await Promise.all([storage.workspace(name), storage.workspace(name)]);
      const found = await Promise.all([readdir(second.path), readdir(third.path)]);
      assert.deepEqual(found.flat(), ["part"]);
      await writeFile(join(second.path, "part"), "other");
      await second.keep(name);
      await third.keep(name);
      const last = await storage.workspace(name);
      assert.notEqual(last.path, third.path);
      await last.dispose();
      await assert.rejects(storage.workspace("../outside"), /is no name/);
    });

    it("materializes a readable local file", async () => {
      const storage = await make();
      await put(storage, "models/1/a.glb", "hello");
      const local = await storage.materialize("models/1/a.glb");
      assert.equal(await readFile(local.path, "utf8"), "hello");
      await local.release();
      assert.equal((await storage.stat("models/1/a.glb"))?.bytes, 5);
    });

    it("gives workspaces of their own and clears them", async () => {
      const storage = await make();
      const [first, second] = await Promise.all([storage.workspace(), storage.workspace()]);
      assert.notEqual(first.path, second.path);
      assert.deepEqual(await readdir(first.path), []);
      await writeFile(join(first.path, "left-over"), "x");
      await first.dispose();
      await first.dispose();
      assert.equal(existsSync(first.path), false);
      assert.deepEqual(await keysOf(storage, ""), []);
      await second.dispose();
    });

    it("refuses keys that could leave the store", async () => {
      const storage = await make();
      const workspace = await storage.workspace();
      const path = join(workspace.path, "file");
      await writeFile(path, "x");
      for (const key of UNSAFE_KEYS) {
        await assert.rejects(async () => storage.publish(key, path), RangeError, JSON.stringify(key));
        await assert.rejects(async () => storage.stat(key), RangeError, JSON.stringify(key));
        await assert.rejects(async () => storage.read(key), RangeError, JSON.stringify(key));
        await assert.rejects(async () => storage.materialize(key), RangeError, JSON.stringify(key));
        await assert.rejects(async () => storage.remove(key), RangeError, JSON.stringify(key));
      }
      await assert.rejects(keysOf(storage, "../"), RangeError);
      assert.equal(await readFile(path, "utf8"), "x");
      await workspace.dispose();
    });

    it("passes its own check and leaves nothing", async () => {
      const storage = await make();
      await storage.check();
      assert.deepEqual(await keysOf(storage, ""), []);
    });
  });
}
