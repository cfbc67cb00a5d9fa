import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { completeSecrets } from "../../server/services/kept-secrets.ts";

const NONE = { jwt: null, session: null, encryptionKey: null, encryptionSalt: null };

let root: string;
before(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "secrets-"));
});
after(() => rm(root, { recursive: true, force: true }));

test("secrets are made once, also by processes that start together, and only their owner can read them", async () => {
  const folder = path.join(root, "race");
  const made = await Promise.all(Array.from({ length: 40 }, () => completeSecrets(NONE, folder)));
  assert.equal(new Set(made.map((secrets) => JSON.stringify(secrets))).size, 1);
  assert.equal(new Set(Object.values(made[0])).size, 4, "each is another");
  assert.ok(Object.values(made[0]).every((secret) => secret.length >= 43));
  assert.deepEqual(await readdir(folder), ["secrets.json"], "nothing is left behind");
  if (process.platform !== "win32") {
    assert.equal((await stat(path.join(folder, "secrets.json"))).mode & 0o777, 0o600);
  }
  assert.deepEqual(await completeSecrets(NONE, folder), made[0]);
});

test("what is set wins, and where all is set no file is made", async () => {
  const folder = path.join(root, "set");
  const all = { jwt: "a", session: "b", encryptionKey: "c", encryptionSalt: "d" };
  assert.deepEqual(await completeSecrets(all, folder), all);
  await assert.rejects(stat(folder));
  const { jwt, session } = await completeSecrets({ ...NONE, jwt: "mine" }, folder);
  assert.equal(jwt, "mine");
  assert.equal(session, JSON.parse(await readFile(path.join(folder, "secrets.json"), "utf8")).session);
});

test("a damaged file stops the start with the cure, and is left as it is", async () => {
  for (const text of ["", "{", '{"jwt":"short"}']) {
    const file = path.join(root, "secrets.json");
    await writeFile(file, text);
    await assert.rejects(completeSecrets(NONE, root), /secrets\.json is damaged.*backup.*JWT_SECRET/);
    assert.equal(await readFile(file, "utf8"), text);
  }
});
