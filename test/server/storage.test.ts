import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { access, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { createDiskStorage } from "../../server/storage/disk.ts";
import { createMemoryStorage } from "../../server/storage/memory.ts";
import { rethrowDiskFull } from "../../server/system-errors.ts";
import { storageContract } from "../contracts/storage.ts";

const roots: string[] = [];
async function makeRoot(parent = tmpdir()) {
  const root = await mkdtemp(join(parent, "storage-test-"));
  roots.push(root);
  return root;
}
after(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

storageContract("disk", async () => createDiskStorage({ root: await makeRoot() }));
storageContract("memory", () => createMemoryStorage());

describe("disk storage", () => {
  it("makes its folders", async () => {
    const root = join(await makeRoot(), "deep", "store");
    createDiskStorage({ root });
    assert.deepEqual((await readdir(root)).sort(), ["input", "models", "temp"]);
  });

  it("lays keys out as files and drops the folders that become empty", async () => {
    const root = await makeRoot();
    const storage = createDiskStorage({ root });
    await writeFile(join(root, "temp", "a"), "a");
    await storage.publish("models/1/a.glb", join(root, "temp", "a"));
    assert.equal(existsSync(join(root, "models", "1", "a.glb")), true);
    await storage.remove("models/1/a.glb");
    assert.deepEqual(await readdir(join(root, "models")), []);
  });

  it("moves a file in from another device", async (t) => {
    const otherDevice = "/dev/shm";
    const root = await makeRoot();
    const isOther = await stat(otherDevice).then(
      async (found) => found.dev !== (await stat(root)).dev,
      () => false,
    );
    if (!isOther) return t.diagnostic("only one device here; the copy path is not reached");
    const folder = await makeRoot(otherDevice);
    const storage = createDiskStorage({ root });
    await writeFile(join(folder, "a.glb"), "from afar");
    await storage.publish("models/1/a.glb", join(folder, "a.glb"));
    assert.equal(await text(await storage.read("models/1/a.glb")), "from afar");
    await assert.rejects(access(join(folder, "a.glb")));
    assert.deepEqual(await readdir(join(root, "temp")), []);
  });

  it("keeps the old content and the source when the move fails", async () => {
    const root = await makeRoot();
    const storage = createDiskStorage({ root });
    await writeFile(join(root, "models", "blocked"), "a file where a folder is needed");
    await writeFile(join(root, "temp", "a"), "a");
    await assert.rejects(storage.publish("models/blocked/a.glb", join(root, "temp", "a")));
    assert.deepEqual(await readdir(join(root, "temp")), ["a"]);
    assert.equal(await text(await storage.read("models/blocked")), "a file where a folder is needed");
  });

  it("refuses to publish a file that is not there", async () => {
    const root = await makeRoot();
    const storage = createDiskStorage({ root });
    await assert.rejects(storage.publish("models/1/a.glb", join(root, "temp", "none")), { code: "ENOENT" });
    assert.equal(await storage.stat("models/1/a.glb"), null);
  });

  it("says disk-full for no room and for no quota, and nothing else", () => {
    for (const code of ["ENOSPC", "EDQUOT"]) {
      const cause = Object.assign(new Error(code), { code });
      assert.throws(() => rethrowDiskFull(cause), { code: "disk-full", cause });
    }
    const other = Object.assign(new Error("EACCES"), { code: "EACCES" });
    assert.throws(() => rethrowDiskFull(other), other);
  });

  it("does not list hidden files or work in progress", async () => {
    const root = await makeRoot();
    const storage = createDiskStorage({ root });
    await writeFile(join(root, "input", ".gitkeep"), "");
    const workspace = await storage.workspace();
    await writeFile(join(workspace.path, "a"), "a");
    const found = await Array.fromAsync(storage.list(""));
    assert.deepEqual(found, []);
    await workspace.dispose();
  });

  it("does not follow a link to a folder when listing", async () => {
    const root = await makeRoot();
    const outside = await makeRoot();
    await writeFile(join(outside, "secret"), "s");
    const storage = createDiskStorage({ root });
    await symlink(outside, join(root, "models", "link"));
    assert.deepEqual(await Array.fromAsync(storage.list("")), []);
  });

  it("sweeps old work and keeps young work", async () => {
    const root = await makeRoot();
    const storage = createDiskStorage({ root });
    await writeFile(join(root, "temp", ".gitkeep"), "");
    const old = await storage.workspace();
    await writeFile(join(old.path, "a"), "a");
    const young = await storage.workspace();
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(old.path, longAgo, longAgo);
    await utimes(join(root, "temp", ".gitkeep"), longAgo, longAgo);
    assert.equal(await storage.sweepTemp(86_400), 1);
    assert.equal(existsSync(old.path), false);
    assert.equal(existsSync(young.path), true);
    assert.equal(existsSync(join(root, "temp", ".gitkeep")), true);
  });

  it("fails its check when the folder cannot be written", async () => {
    const root = await makeRoot();
    const storage = createDiskStorage({ root });
    await rm(join(root, "temp"), { recursive: true });
    await assert.rejects(storage.check());
  });
});
