import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { RestoreStatus } from "../../server/contract/restore.ts";
import {
  ADMIN_PASSWORD,
  type Member,
  makeMember,
  sendJson,
  signIn,
  startAccountsApp,
} from "../support/accounts.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { startS3Server } from "../support/backup/s3-server.ts";
import { runToEnd } from "../support/backups.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { bucketEnvironment } from "../support/restore/file-places.ts";
import { until } from "../support/until.ts";

const PATH = "/api/system/backup/restore";
const PATIENCE_MS = 300_000;
type Request = (path: string, init?: RequestInit) => Promise<Response>;

let database: TestDatabase;
let app: TestApp;
let replica: TestApp;
let admin: Member;
let ada: Member;
before(async () => {
  database = await createTestDatabase();
  app = await startAccountsApp({ databaseUrl: database.url });
  const uploads = app.uploads;
  replica = await startAccountsApp({ databaseUrl: database.url, uploads });
  admin = await signIn(app);
  ada = await makeMember(app);
});
after(async () => {
  await replica.dispose();
  await app.dispose();
  await database.dispose();
});

async function statusBy(request: Request): Promise<RestoreStatus> {
  const answer = await request(PATH);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as RestoreStatus;
}

/** Waits for a state that lasts. */
async function reach(request: Request, state: RestoreStatus["state"]): Promise<RestoreStatus> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(100)) {
    const status = await statusBy(request);
    if (status.state === state) return status;
    assert.equal(status.failure, null);
    assert.ok(performance.now() < deadline, `Not ${state} in time: ${JSON.stringify(status)}`);
  }
}

async function rename(name: string): Promise<void> {
  const answer = await ada.send("PATCH", "/api/v1/auth/me", { name });
  assert.equal(answer.status, 200, await answer.clone().text());
}

const nameOfAda = async () => (await app.context.records.User.findByPk(ada.userId))?.name;

it("puts a backup in place while two servers run, for an administrator with the password, and takes it back", async () => {
  await rename("Ada");
  const { filename } = await runToEnd(admin, "/create", {});
  await rename("Eve");
  const begin = (member: Member, body: unknown) => member.send("POST", `${PATH}/${filename}`, body);

  assert.equal((await begin(ada, { password: ada.password })).status, 403);
  const key = await admin.send("POST", "/api/v1/api-keys", {
    name: "Ops",
    scopes: ["read", "write", "admin"],
  });
  const Authorization = `Bearer ${(await key.json()).key}`;
  const password = ADMIN_PASSWORD;
  assert.equal(
    (await sendJson(app, "POST", `${PATH}/${filename}`, { password }, { Authorization })).status,
    403,
  );
  for (const body of [{}, { password: "wrong" }, { filename }]) {
    const answer = await begin(admin, body);
    assert.deepEqual([answer.status, (await answer.json()).code], [403, "password-wrong"]);
  }
  const missing = await admin.send("POST", `${PATH}/2020-01-01T00-00-00Z-manual`, { password });
  assert.deepEqual([missing.status, (await missing.json()).code], [404, "backup-missing"]);
  assert.equal((await statusBy(admin.request)).state, "none");

  const begun = await begin(admin, { password });
  assert.equal(begun.status, 202, await begun.clone().text());
  // The session of whoever restores goes on, also with the other server.
  const { filename: inPlace } = await reach(admin.request, "restored");
  assert.equal(inPlace, filename);
  await reach((path) => replica.request(path, { headers: admin.headers }), "restored");
  assert.equal(await nameOfAda(), "Ada");

  assert.equal((await ada.request("/api/v1/models")).status, 401);
  for (const server of [app, replica]) {
    const held = await sendJson(server, "PATCH", "/api/v1/auth/me", { name: "Root" }, admin.headers);
    assert.deepEqual([held.status, (await held.json()).code], [503, "maintenance"]);
  }
  assert.equal((await admin.send("PUT", "/api/system/maintenance", { enabled: false })).status, 503);
  const shown = await (await app.request("/api/v1/auth/state")).json();
  assert.deepEqual(shown.maintenance, { message: null });
  const twice = await begin(admin, { password });
  assert.deepEqual([twice.status, (await twice.json()).code], [409, "restore-pending"]);

  assert.equal((await admin.send("POST", `${PATH}/undo`, { password: "wrong" })).status, 403);
  const undone = await admin.send("POST", `${PATH}/undo`, { password });
  assert.equal(undone.status, 200);
  await reach((path) => replica.request(path, { headers: admin.headers }), "none");
  assert.equal(await nameOfAda(), "Eve");
  ada = await signIn(app, ada.email, ada.password);
  await rename("Ann");

  assert.equal((await begin(admin, { password })).status, 202);
  await reach(admin.request, "restored");
  const confirmed = await admin.send("POST", `${PATH}/confirm`, { password });
  assert.equal(confirmed.status, 200);
  ada = await signIn(app, ada.email, ada.password);
  await rename("Amy");
  const log = await (await admin.request("/api/system/audit?action=backup.restore&limit=100")).json();
  assert.deepEqual(log.items.map(({ action }: { action: string }) => action).reverse(), [
    "backup.restore-started",
    "backup.restored",
    "backup.restore-undone",
    "backup.restore-started",
    "backup.restored",
    "backup.restore-confirmed",
  ]);
  for (const { actor } of log.items) assert.equal(actor.name, admin.email);
});

for (const store of ["folder", "bucket"]) {
  it(`asks for the backup's name where nobody signs in, with files in a ${store}`, async () => {
    await using stack = new AsyncDisposableStack();
    const server = stack.adopt(await startS3Server(), (part) => part.close());
    const local = stack.use(await startTestApp({ env: store === "bucket" ? bucketEnvironment(server) : {} }));
    const request: Request = (path, init) => local.request(path, init);
    const send = (path: string, body: unknown) => sendJson(local, "POST", path, body);
    const { filename } = await runToEnd(local, "/create", {});
    assert.equal((await send(`${PATH}/${filename}`, {})).status, 400);
    assert.equal((await send(`${PATH}/${filename}`, { filename: "another" })).status, 400);
    assert.equal((await send(`${PATH}/confirm`, { filename })).status, 409);
    const begun = await send(`${PATH}/${filename}`, { filename });
    assert.equal(begun.status, 202);
    await reach(request, "restored");
    assert.equal((await send(`${PATH}/confirm`, {})).status, 400);
    const confirmed = await send(`${PATH}/confirm`, { filename });
    assert.equal(confirmed.status, 200);
    await reach(request, "none");
  });
}

it("tells why a restore failed in the language of whoever asks", async () => {
  await using local = await startTestApp();
  const { filename } = await runToEnd(local, "/create", {});
  const { target } = local.config.backup;
  assert.ok(target.kind === "folder");
  await appendFile(path.join(target.folder, filename!, "database.sql.gz"), "more");
  const begun = await sendJson(local, "POST", `${PATH}/${filename}`, { filename });
  assert.equal(begun.status, 202);
  const told = (language: string) =>
    statusBy((to) => local.request(to, { headers: { "Accept-Language": language } }));
  await until("the failure is told", async () => (await told("en")).failure !== null);
  const [english, russian] = [(await told("en")).failure, (await told("ru")).failure];
  assert.deepEqual([english?.code, russian?.code], ["backup-damaged", "backup-damaged"]);
  assert.match(english?.message ?? "", /are not those that were written/);
  assert.match(russian?.message ?? "", /не то, что было записано/);
});
