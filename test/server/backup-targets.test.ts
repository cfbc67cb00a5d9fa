import assert from "node:assert/strict";
import fs from "node:fs";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createFolderTarget } from "../../server/backup/folder-target.ts";
import { openTarget } from "../../server/backup/open-target.ts";
import { createS3Target } from "../../server/backup/s3-target.ts";
import type { BackupTarget } from "../../server/backup/target.ts";
import type { AppError } from "../../server/errors.ts";
import { S3_ACCOUNT, startS3Server } from "../support/backup/s3-server.ts";
import { freePort } from "../support/server-process.ts";

const PART = 1000;
const folder = await mkdtemp(path.join(os.tmpdir(), "targets-"));
const server = await startS3Server();
const s3 = { ...S3_ACCOUNT, endpoint: server.endpoint, pathStyle: true };
const bucket = createS3Target({ bucket: "backups", prefix: "our/", s3, partBytes: PART });
test.after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function* pieces(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield Buffer.alloc(70, index);
}
const whole = (count: number) => buffer(pieces(count));
const keysOf = async (target: BackupTarget, prefix: string) =>
  (await Array.fromAsync(target.list(prefix))).map(({ key }) => key).sort();

for (const [kind, target] of Object.entries({
  folder: createFolderTarget(path.join(folder, "own")),
  bucket,
})) {
  test(`a ${kind} keeps contents by key, whole or not at all`, async () => {
    const counts = { "a/empty": 0, "a/small.gz.age": 3, "a/b/exact": 100, "a/b/large": 1234, "c/other": 1 };
    for (const [key, count] of Object.entries(counts)) {
      await target.put(key, pieces(count));
      assert.deepEqual(await buffer(await target.get(key)), await whole(count), key);
      assert.equal((await target.stat(key))?.bytes, 70 * count);
    }
    await target.put("c/other", pieces(2));
    assert.deepEqual(await buffer(await target.get("c/other")), await whole(2));
    assert.deepEqual(await keysOf(target, ""), Object.keys(counts).sort());
    assert.deepEqual(await keysOf(target, "a/b/"), ["a/b/exact", "a/b/large"]);
    assert.deepEqual(await keysOf(target, "nothing"), []);
    assert.equal(await target.stat("a/b"), null);
    assert.ok((await target.freeBytes()) > 0);

    const stop = new AbortController();
    const reason = new Error("enough");
    async function* stopping() {
      yield* pieces(100);
      stop.abort(reason);
      yield* pieces(100);
    }
    await assert.rejects(target.put("a/stopped", stopping(), stop.signal));
    async function* failing() {
      yield* pieces(100);
      throw reason;
    }
    await assert.rejects(target.put("a/failed", failing()), reason);
    assert.deepEqual(await keysOf(target, "a/"), Object.keys(counts).sort().slice(0, 4));

    for (const key of ["a/b/large", "a/b/large", "a/b/exact"]) await target.remove(key);
    assert.equal(await target.stat("a/b/large"), null);
    await assert.rejects(target.get("a/b/large"), { code: "backup-missing" });
    for (const key of ["../out", "a//b", "/etc/passwd", "a/../../b", ""]) {
      await assert.rejects(target.put(key, pieces(1)), RangeError);
      await assert.rejects(
        Promise.resolve().then(() => target.get(key)),
        RangeError,
      );
    }
  });
}

test("a bucket leaves no part of an upload, waits out an overload and says why it refuses", async () => {
  assert.deepEqual([...server.uploads], []);
  server.failNext(2);
  await bucket.put("d/patient", pieces(1));
  assert.deepEqual(server.objects.get("our/d/patient"), await whole(1));
  const wrong = createS3Target({ bucket: "backups", prefix: "", s3: { ...s3, secretAccessKey: "wrong" } });
  await assert.rejects(wrong.put("x", pieces(1)), {
    code: "backup-target-refused",
    message: /403 SignatureDoesNotMatch\. Check S3_ACCESS_KEY_ID/,
  });
  const missing = createS3Target({ bucket: "nothing", prefix: "", s3 });
  await assert.rejects(missing.put("x", pieces(1)), {
    code: "backup-target-refused",
    message: /404 NoSuchBucket\. There is no such bucket: check BACKUP_DIR/,
  });
  const away = { ...s3, endpoint: `http://127.0.0.1:${await freePort()}` };
  await assert.rejects(createS3Target({ bucket: "backups", prefix: "", s3: away }).stat("x"), {
    code: "backup-target-refused",
    message: /ECONNREFUSED\. Nobody listens there: check S3_ENDPOINT/,
  });
  assert.equal(
    (await openTarget({ kind: "s3", bucket: "backups", prefix: "our/", s3 })).name,
    "s3://backups/our/",
  );
});

test("a bucket ends what puts of killed processes have left, once they can't go on any more", async () => {
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  const begun = { "our/a": longAgo, "our/b": longAgo, "our/c": new Date(), "other/a": longAgo };
  for (const [key, initiated] of Object.entries(begun)) {
    server.uploads.set(key, { key, initiated, parts: new Map() });
  }
  await bucket.sweep();
  assert.deepEqual([...server.uploads.keys()], ["our/c", "other/a"]);
  server.uploads.clear();
});

test("a bucket may be at a port that browsers keep away from", async (t) => {
  const refused = [10080, 6697, 6669, 6668, 6667, 6666, 6665, 6566];
  let open: Awaited<ReturnType<typeof startS3Server>> | null = null;
  for (const port of refused) open ??= await startS3Server({ port }).catch(() => null);
  assert.ok(open, `one of the ports ${refused} must be free`);
  const { endpoint, close } = open;
  t.after(close);
  await assert.rejects(fetch(endpoint), { message: "fetch failed" });
  const target = createS3Target({ bucket: "backups", prefix: "", s3: { ...s3, endpoint } });
  await target.put("a", pieces(1));
  assert.deepEqual(await buffer(await target.get("a")), await whole(1));
});

test("a folder keeps no part of what fails before a slow disk has opened the file", async (t) => {
  const target = createFolderTarget(path.join(folder, "slow"));
  const { open } = fs;
  const late: Promise<void>[] = [];
  t.mock.method(fs, "open", (...given: Parameters<typeof open>) => {
    late.push(sleep(50).then(() => open(...given)));
  });
  async function* failing() {
    yield* pieces(1);
    throw new Error("enough");
  }
  await assert.rejects(target.put("a/failed", failing()), /enough/);
  await Promise.all(late);
  await target.put("a/whole", pieces(1));
  assert.deepEqual(await readdir(path.join(folder, "slow", ".incoming")), []);
});

test("a folder that can't be made is said to be unusable", async () => {
  const file = path.join(folder, "file");
  await writeFile(file, "");
  const target = await openTarget({ kind: "folder", folder: path.join(file, "backups") });
  await assert.rejects(target.put("a", pieces(1)), { code: "backup-target-refused" });
  assert.deepEqual(await readdir(path.join(folder, "own", ".incoming")), []);
});

test("a folder that the system refuses says so at every look, in both languages", async () => {
  const loop = path.join(folder, "loop");
  await symlink(loop, loop);
  const target = createFolderTarget(loop);
  const looks = [
    () => target.put("a", pieces(1)),
    () => target.get("a"),
    () => keysOf(target, ""),
    () => target.stat("a"),
    () => target.remove("a/b"),
    () => target.freeBytes(),
    () => target.sweep(),
  ];
  for (const look of looks) {
    await assert.rejects(look, (error: AppError) => {
      assert.equal(error.code, "backup-target-refused", String(look));
      assert.match(error.detail.en, /its links lead in a circle \(ELOOP /);
      return /ссылки ведут по кругу/.test(error.detail.ru);
    });
  }
  await mkdir(path.join(folder, "own/odd"));
  const odd = await createFolderTarget(path.join(folder, "own")).get("odd");
  await assert.rejects(buffer(odd), { code: "backup-target-refused", message: /EISDIR/ });
});
