import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import pg from "pg";
import { v7 as newId } from "uuid";
import { createFolderTarget } from "../../server/backup/folder-target.ts";
import { adoptTarget, claimTarget } from "../../server/backup/target-owner.ts";
import { readCatalogue } from "../../server/services/backups/catalogue.ts";
import { clean } from "../../server/services/backups/clean.ts";
import type { BackupDeps } from "../../server/services/backups/deps.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { TEST_SIGNER } from "../support/backup/signers.ts";
import { listBackups, postBackup, putStored, runToEnd } from "../support/backups.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const ANOTHER_KEY = randomBytes(33).toString("base64");

let databases: TestDatabase[];
let first: TestApp;
let second: TestApp;
let folder: string;
before(async () => {
  databases = [await createTestDatabase(), await createTestDatabase()];
  await becomeAnother(databases[1].url);
  first = await startTestApp({ databaseUrl: databases[0].url });
  const { target } = first.config.backup;
  folder = target.kind === "folder" ? target.folder : "";
  second = await startTestApp({
    databaseUrl: databases[1].url,
    env: { BACKUP_DIR: folder, API_ENCRYPTION_KEY: ANOTHER_KEY },
  });
  await putStored(first, "models/one/model.glb", "a model");
});
after(async () => {
  await second.dispose();
  await first.dispose();
  for (const database of databases) await database.dispose();
});

/** Databases of tests are copies of one. */
async function becomeAnother(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("UPDATE installation SET id = gen_random_uuid()");
  await client.end();
}

const target = () => createFolderTarget(folder);
const marks = () => readdir(path.join(folder, "owners"));
const always = async () => true;

it("lets no second installation write to a place or clear it up, but look at it and try out what lies there", async () => {
  const { filename, state } = await runToEnd(first, "/create");
  assert.equal(state, "succeeded");
  const refused = await runToEnd(second, "/create");
  assert.equal(refused.state, "failed");
  assert.match(refused.error!, /Another installation \(\S+\) keeps its backups there/);
  const removal = await second.request(`/api/system/backup/${filename}`, { method: "DELETE" });
  assert.deepEqual([removal.status, (await removal.json()).code], [409, "backup-target-owned"]);

  assert.deepEqual(
    (await listBackups(second)).map(({ filename, isForeign }) => [filename, isForeign]),
    [[filename, true]],
  );
  assert.equal((await postBackup(second, `/verify/${filename}`)).status, 409);
  const tried = await runToEnd(second, `/verify/${filename}`, { foreign: true });
  assert.equal(tried.state, "succeeded", tried.error ?? "");
  assert.equal((await marks()).length, 1);
});

it("takes a place without a mark only where all that lies there is its own", async () => {
  await rm(path.join(folder, "owners"), { recursive: true });
  const stranger = await runToEnd(second, "/create");
  assert.match(stranger.error!, /neither signed nor has on record/);
  // As earlier versions left them: not signed, but this installation remembers what it has made.
  const [{ filename }] = await listBackups(first);
  await rm(path.join(folder, filename, "manifest.sig"));
  const own = await runToEnd(first, "/create");
  assert.equal(own.state, "succeeded", own.error ?? "");
  assert.equal((await marks()).length, 1);
});

it("is taken over by a word, and is the former one's no more", async () => {
  const { done } = await second.context.backups.create({ kind: "manual", verify: false, adopt: true });
  assert.equal((await done).state, "succeeded");
  assert.equal((await runToEnd(second, "/create")).state, "succeeded");
  assert.match((await runToEnd(first, "/create")).error!, /Another installation/);
});

it("is cleared up no more by who was at a backup when it was taken over", async () => {
  // What the new owner has just copied, and will name.
  const copied = path.join(folder, "files/plain/00/copied");
  await mkdir(path.dirname(copied), { recursive: true });
  await writeFile(copied, "");
  const clear = ({ context: { records }, config }: TestApp) => {
    const deps = {
      records,
      target: target(),
      signer: TEST_SIGNER,
      config: config.backup,
      now: () => new Date(),
    };
    return clean(deps as unknown as BackupDeps, new AbortController().signal);
  };
  await clear(first);
  assert.equal(existsSync(copied), true);
  await clear(second);
  assert.equal(existsSync(copied), false);
});

it("is not made anew where its disk is gone, unless somebody says so", async () => {
  await rename(folder, `${folder}-unmounted`);
  const refused = await runToEnd(second, "/create");
  assert.deepEqual([refused.state, refused.errorCode], ["failed", "backup-target-refused"]);
  assert.match(refused.error!, /maybe its disk is not mounted/);
  assert.equal(existsSync(folder), false);
  const { done } = await second.context.backups.create({ kind: "manual", verify: false, adopt: true });
  assert.equal((await done).state, "succeeded");
  await rm(folder, { recursive: true });
  await rename(`${folder}-unmounted`, folder);
  assert.equal((await runToEnd(second, "/create")).state, "succeeded");
});

it("is never two installations' own, however they begin at once", async () => {
  const place = createFolderTarget(path.join(folder, "race"));
  const [one, other] = [newId(), newId()];
  let waiting = 0;
  let open = () => {};
  const bothHaveLooked = new Promise<void>((resolve) => {
    open = resolve;
  });
  const gated = {
    ...place,
    async put(...args: Parameters<typeof place.put>) {
      if (++waiting === 2) open();
      await bothHaveLooked;
      await place.put(...args);
    },
  };
  const claims = await Promise.allSettled([one, other].map((id) => claimTarget(gated, id, always)));
  const owners = claims.filter(({ status }) => status === "fulfilled");
  assert.ok(owners.length < 2);
  for (const claim of claims) {
    if (claim.status === "rejected") assert.equal(claim.reason.code, "backup-target-owned");
  }
  const left = await Array.fromAsync(place.list("owners/"));
  assert.equal(left.length, owners.length);
  await adoptTarget(place, one);
  await claimTarget(place, one, always);
  await assert.rejects(claimTarget(place, other, always), { code: "backup-target-owned" });
});

it("reads of the backups in a list only what is new or was changed", async () => {
  const place = target();
  const read: string[] = [];
  const watched = {
    ...place,
    async get(...args: Parameters<typeof place.get>) {
      read.push(args[0]);
      return place.get(...args);
    },
  };
  const memory = new Map();
  const first = await readCatalogue(watched, { memory });
  assert.ok(first.length >= 2 && read.length >= 2 * first.length);
  read.length = 0;
  assert.deepEqual(await readCatalogue(watched, { memory }), first);
  assert.equal(read.length, 0);
  const [{ filename }] = first;
  const verdict = path.join(folder, filename, "verdict.json");
  await writeFile(verdict, "another");
  await readCatalogue(watched, { memory });
  assert.ok(read.length > 0 && read.every((key) => key.startsWith(filename)), read.join());
  await rm(verdict);
  assert.deepEqual(await readCatalogue(watched, { memory }), first);
});

it("keeps the mark with which a place was taken out of lists and sweeps", async () => {
  const keys = await Array.fromAsync(target().list("owners/"));
  const removed = (await listBackups(second)).at(-1)!;
  const query = removed.isLastVerified ? "?force=true" : "";
  const answer = await second.request(`/api/system/backup/${removed.filename}${query}`, { method: "DELETE" });
  assert.equal(answer.status, 204);
  assert.deepEqual(await Array.fromAsync(target().list("owners/")), keys);
});

it("keeps the last verified one of its own, though a stranger's is newer", async () => {
  const made = [];
  for (let count = 0; count < 2; count++)
    made.push((await runToEnd(second, "/create", { verify: true })).filename!);
  const lastVerified = async () =>
    (await listBackups(second)).filter((one) => one.isLastVerified).map((one) => one.filename);
  assert.deepEqual(await lastVerified(), [made[1]]);
  await writeFile(path.join(folder, made[1], "manifest.sig"), "a stranger's");
  assert.deepEqual(await lastVerified(), [made[0]]);
});
