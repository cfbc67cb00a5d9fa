import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { v7 as newId } from "uuid";
import { connectDatabase } from "../../server/database/connect.ts";
import { defineRecords, type Records } from "../../server/models/records.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { contextOf } from "../../server/services/provider-keys/own-keys.ts";
import { countUnreadable } from "../../server/services/vault/sealed-rows.ts";
import { createVault, type Vault } from "../../server/services/vault/vault.ts";
import { openWebhookSecret, renewWebhookSecrets } from "../../server/services/vault/webhook-secrets.ts";
import { createTestDatabase } from "../support/database.ts";

const CLI = path.resolve(import.meta.dirname, "../../server/services/vault/rotate-cli.ts");
const OLD = { key: "3vQm0x7KpTzRj2LwYb9sNcHdGf5aUe8X", salt: "old-salt-of-the-test" };
const NEW = { key: "Zr6Wk1JtMy4PqBv8XnDs0LhCg7oFi3Ea", salt: "new-salt-of-the-test" };
const SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const userId = LOCAL_USER_ID;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let records: Records;
before(async () => {
  database = await createTestDatabase();
  const pool = { max: 4, min: 0, acquireMs: 60_000, idleMs: 1000 };
  records = defineRecords(connectDatabase({ url: database.url, pool }));
});
after(async () => {
  await records.sequelize.close();
  await database.dispose();
});

test("what is sealed opens in its place alone, unchanged, and under its own key", () => {
  const vault = createVault(OLD);
  const box = vault.seal("a key", "here");
  assert.equal(vault.open(box, "here"), "a key");
  assert.throws(() => vault.open(box, "elsewhere"), { code: "encryption-key-changed" });
  assert.throws(() => createVault(NEW).open(box, "here"), { code: "encryption-key-changed" });
  assert.throws(() => createVault({ ...OLD, salt: NEW.salt }).open(box, "here"), {
    code: "encryption-key-changed",
  });
  for (const part of ["sealed", "wrappedKey"] as const) {
    for (let at = 0; at < box[part].length; at += 1) {
      const changed = Buffer.from(box[part]);
      changed[at] ^= 1;
      assert.throws(() => vault.open({ ...box, [part]: changed }, "here"), `${part} ${at}`);
    }
  }
  assert.notDeepEqual(vault.seal("a key", "here").sealed, box.sealed);
  assert.notEqual(createVault(OLD).keyId, createVault(NEW).keyId);
});

/** Two hundred and some rows, so that a rotation takes several transactions. */
async function fill(vault: Vault): Promise<void> {
  await records.ProviderKey.destroy({ where: {} });
  await records.WebhookEndpoint.destroy({ where: {} });
  const users = Array.from({ length: 205 }, () => ({ id: newId() }));
  await records.User.bulkCreate(users);
  await records.ProviderKey.bulkCreate(
    users.map(({ id }, number) => {
      const place = { id: newId(), userId: id, version: 1 };
      return {
        ...place,
        provider: "genapi",
        lastFour: "0000",
        ...vault.seal(`key ${number}`, contextOf(place)),
      };
    }),
  );
  const common = { userId, url: "https://shop.example/", eventTypes: ["model.created" as const] };
  const until = new Date(Date.now() + 60_000);
  await records.WebhookEndpoint.bulkCreate([
    { id: newId(), ...common, secret: SECRET },
    { id: newId(), ...common, secret: SECRET, previousSecret: SECRET, previousSecretUntil: until },
  ]);
}

async function openAll(vault: Vault): Promise<string[]> {
  const keys = await records.ProviderKey.unscoped().findAll();
  const endpoints = await records.WebhookEndpoint.unscoped().findAll();
  return [
    ...keys.map((row) => vault.open(row, contextOf(row))).sort(),
    ...endpoints.flatMap((row) =>
      [row.secret, row.previousSecret].flatMap((kept) => (kept ? [openWebhookSecret(vault, row, kept)] : [])),
    ),
  ];
}

test("a rotation may be cut off and repeated; half done, both keys open everything", async (t) => {
  const old = createVault(OLD);
  await fill(old);
  const plain = await openAll(old);
  assert.equal((await renewWebhookSecrets(records, old)).renewed, 2);
  const [texts] = await records.sequelize.query("SELECT webhook_endpoints::text FROM webhook_endpoints");
  assert.ok(!JSON.stringify(texts).includes("whsec_"));

  const half = await records.ProviderKey.unscoped().findAll({ order: ["id"], limit: 90 });
  const both = createVault(NEW, OLD);
  for (const row of half) await row.update(both.rewrap(row, contextOf(row))!);
  assert.deepEqual(await openAll(both), plain);
  assert.equal(await countUnreadable(records, both), 0);
  assert.equal(await countUnreadable(records, createVault(NEW)), 205 - 90 + 2);

  const folder = await mkdtemp(path.join(os.tmpdir(), "rotate-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const rotate = async (env: Record<string, string>) => {
    const settings = { PATH: process.env.PATH, DATABASE_URL: database.url, DATA_DIR: folder, ...env };
    const done = await promisify(execFile)(process.execPath, [CLI], { env: settings, cwd: folder }).catch(
      (e) => e,
    );
    const said: string = done.stdout + done.stderr;
    assert.ok(![OLD, NEW].some(({ key, salt }) => said.includes(key) || said.includes(salt)));
    return { said, code: done.code ?? 0 };
  };
  const present = { API_ENCRYPTION_KEY: NEW.key, API_ENCRYPTION_SALT: NEW.salt };
  const previous = { API_ENCRYPTION_KEY_PREVIOUS: OLD.key, API_ENCRYPTION_SALT_PREVIOUS: OLD.salt };
  const without = await rotate(present);
  assert.equal(without.code, 1);
  assert.match(without.said, /provider keys: 0 put .* 115 can't be read/);
  const first = await rotate({ ...present, ...previous });
  assert.equal(first.code, 0, first.said);
  assert.match(first.said, /provider keys: 115 put .* 0 can't[\s\S]*secrets: 2 put .* 0 can't/);
  assert.match((await rotate({ ...present, ...previous })).said, /keys: 0 put[\s\S]*secrets: 0 put/);
  assert.deepEqual(await openAll(createVault(NEW)), plain);
});
