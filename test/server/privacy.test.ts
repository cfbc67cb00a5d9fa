import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, it, mock } from "node:test";
import type { ApiKeyWithText } from "../../server/contract/api-key.ts";
import type { Generation } from "../../server/contract/generation.ts";
import type { Model } from "../../server/contract/model.ts";
import { LOCAL_USER_ID } from "../../server/models/user.ts";
import { finishErasures } from "../../server/services/erasure/finish-erasures.ts";
import { ADMIN_PASSWORD, type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm } from "../support/client.ts";
import { numberedPhoto } from "../support/create-as.ts";
import { readZip } from "../support/exports/read-zip.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { makeSampleGlb } from "../support/fake-genapi/sample-glb.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { started, state } from "../support/fake-genapi/steps.ts";
import { nextServerSocket } from "../support/server-socket.ts";
import { sha256Of } from "../support/sha256.ts";

const json = async <T>(answer: Response) => (await answer.json()) as T;

describe("privacy", () => {
  let fake: FakeGenapi;
  let app: TestApp;
  let admin: Member;
  let ada: Awaited<ReturnType<typeof furnish>>;
  let photo: Buffer;

  before(async () => {
    fake = await startFakeGenapi();
    app = await startAccountsApp({ fake });
    admin = await signIn(app);
    photo = await numberedPhoto(1);
    ada = await furnish(photo);
  });
  after(async () => {
    await app.dispose();
    await fake.dispose();
  });

  async function generate(member: Member, photo: Buffer): Promise<Generation> {
    const body = photoForm(photo, { name: "Vase", provider: "genapi" });
    const posted = await member.request("/api/v1/generations", { method: "POST", body });
    assert.equal(posted.status, 202, await posted.clone().text());
    return json(posted);
  }

  async function finished(member: Member, id: string): Promise<Generation> {
    for (let tries = 0; tries < 3000; tries++) {
      const generation = await json<Generation>(await member.request(`/api/v1/generations/${id}`));
      if (generation.finishedAt) return generation;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("The generation did not end.");
  }

  async function importModel(member: Member): Promise<string> {
    const body = photoForm(await makeSampleGlb(), {}, "thing.glb", "file");
    return (await json<Model>(await member.request("/api/v1/models", { method: "POST", body }))).id;
  }

  /** A member with one of everything. */
  async function furnish(photo: Buffer) {
    const member = await makeMember(app);
    const { id } = await generate(member, photo);
    const { modelId } = await finished(member, id);
    assert.ok(modelId);
    const imported = await importModel(member);
    const shared = await member.send("POST", `/api/v1/models/${modelId}/shares`, {});
    const { url } = await json<{ url: string }>(shared);
    const hook = { url: "https://receiver.example/hook", eventTypes: ["model.created"] };
    assert.equal((await member.send("POST", "/api/v1/webhooks", hook)).status, 201);
    const made = await member.send("POST", "/api/v1/api-keys", { name: "robot", scopes: ["read"] });
    const { key } = await json<ApiKeyWithText>(made);
    return { member, modelIds: [modelId, imported], sharePath: new URL(url).pathname, apiKey: key };
  }

  const exportOf = async (member: Member) => {
    const answer = await member.request("/api/v1/auth/me/export");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "application/zip");
    const entries = await readZip(Buffer.from(await answer.arrayBuffer()));
    return new Map(entries.map(({ name, content }) => [name, content]));
  };

  const remove = (member: Member, password: string) => member.send("DELETE", "/api/v1/auth/me", { password });

  /** Until nothing is left to erase, also of what the server's own sweep has in hand at this moment. */
  async function eraseAll(): Promise<void> {
    const due = "SELECT FROM files_to_erase WHERE due_at <= now()";
    do await finishErasures(app.context);
    while ((await app.context.records.sequelize.query(due))[0].length > 0);
  }

  const filesOf = (modelId: string) => readdir(path.join(app.uploads, "models", modelId)).catch(() => []);

  async function rowsOf(userId: string): Promise<Record<string, number>> {
    const { sequelize } = app.context.records;
    const tables = ["generation_tasks", "models_3d", "shares", "webhook_endpoints", "api_keys", "sessions"];
    const counts = tables.map(async (table) => {
      const [rows] = await sequelize.query(`SELECT FROM ${table} WHERE user_id = $1`, { bind: [userId] });
      return [table, rows.length] as const;
    });
    return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count > 0));
  }

  it("gives everything that is kept about a person, and no secret", async () => {
    const { member, modelIds, apiKey } = ada;
    assert.equal((await admin.send("PATCH", `/api/v1/users/${member.userId}`, { name: "Ada" })).status, 200);
    const files = await exportOf(member);
    const manifest = JSON.parse(files.get("manifest.json")!.toString());
    assert.deepEqual(
      new Set(manifest.files.map((file: { path: string }) => file.path)),
      new Set([...files.keys()].filter((name) => name !== "manifest.json")),
    );
    for (const { path: name, bytes, sha256 } of manifest.files) {
      assert.equal(sha256Of(files.get(name)!), sha256, name);
      assert.equal(files.get(name)!.length, bytes, name);
    }
    const read = (name: string) => JSON.parse(files.get(`${name}.json`)!.toString());
    assert.equal(read("account")[0].email, member.email);
    assert.deepEqual(
      read("models")
        .map(({ id }: Model) => id)
        .toSorted(),
      modelIds.toSorted(),
    );
    assert.equal(read("generations").length, 1);
    assert.equal(read("shares").length, 1);
    assert.equal(read("webhooks")[0].url, "https://receiver.example/hook");
    assert.equal(read("api-keys")[0].name, "robot");
    assert.ok(read("audit-log").some(({ action }: { action: string }) => action === "data.exported"));
    const byAdmin = read("audit-log").find(({ action }: { action: string }) => action === "user.changed");
    assert.deepEqual(
      [byAdmin.details.name, "address" in byAdmin, "userAgent" in byAdmin],
      ["Ada", false, false],
    );
    for (const id of modelIds) {
      const stored = await readFile(path.join(app.uploads, "models", id, "original.glb"));
      assert.deepEqual(files.get(`models/${id}/original.glb`), stored);
      assert.ok(files.has(`models/${id}/glb.glb`) && files.has(`models/${id}/thumbnail.webp`));
    }
    assert.equal([...files.keys()].filter((name) => name.startsWith("photos/")).length, 1);
    const text = Buffer.concat([...files].filter(([name]) => name.endsWith(".json")).map(([, data]) => data));
    for (const secret of [apiKey, "whsec_", "argon2", "passwordHash", admin.email])
      assert.ok(!text.includes(secret), secret);
    const byKey = { Authorization: `Bearer ${apiKey}` };
    assert.equal((await app.request("/api/v1/auth/me/export", { headers: byKey })).status, 403);
    assert.equal((await app.request("/api/v1/auth/me/export")).status, 401);
  });

  it("reads little further than the receiver takes, and lets go when that goes away", async () => {
    const CHUNK = Buffer.alloc(65_536);
    const CHUNKS = 200;
    let made = 0;
    const closings: Promise<unknown>[] = [];
    const reading = mock.method(app.context.storage, "read", async () => {
      const chunks = function* (most: number) {
        for (let count = 0; count < most; count++) {
          made += CHUNK.length;
          yield CHUNK;
        }
      };
      // The third has no end, however much of it lies between the two.
      const most = closings.length < 2 ? CHUNKS : Number.POSITIVE_INFINITY;
      const source = Readable.from(chunks(most), { objectMode: false });
      closings.push(once(source, "close"));
      return source;
    });
    const lines = app.lines.length;
    const socketOfServer = nextServerSocket("/api/v1/auth/me/export");
    const request = http.get(`${app.url}/api/v1/auth/me/export`, { headers: ada.member.headers });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const socket = await socketOfServer;
    let taken = 0;
    let furthest = 0;
    for await (const chunk of response) {
      taken += chunk.length;
      // The operating system holds more or less of what it was handed, as it likes.
      furthest = Math.max(furthest, made - (socket.bytesWritten - socket.writableLength));
      if (taken > 30 * 1024 ** 2) break;
    }
    assert.equal(closings.length, 3, "into the third file");
    assert.ok(furthest < 2 * 1024 ** 2, `${furthest} bytes ahead`);
    request.destroy();
    await Promise.all(closings);
    reading.mock.restore();
    const loud = app.lines.slice(lines).filter(({ level }) => level === "error" || level === "warn");
    assert.deepEqual(loud, []);
  });

  it("deletes an account with everything of it, except what others have given as well", async () => {
    const { member, modelIds, sharePath, apiKey } = ada;
    const other = await makeMember(app);
    const { id: kept } = await generate(other, photo);
    assert.equal((await fetch(`${app.url}${sharePath}/model.glb`)).status, 200);
    assert.equal((await remove(member, "not the password")).status, 403);
    assert.equal((await member.send("DELETE", "/api/v1/auth/me", {})).status, 400);
    assert.equal((await member.request("/api/v1/auth/me")).status, 200);

    assert.equal((await remove(member, member.password)).status, 204);
    assert.deepEqual(await rowsOf(member.userId), {});
    assert.equal((await member.request("/api/v1/auth/me")).status, 401);
    assert.equal((await fetch(`${app.url}${sharePath}/model.glb`)).status, 404);
    const byKey = { Authorization: `Bearer ${apiKey}` };
    assert.equal((await app.request("/api/v1/models", { headers: byKey })).status, 401);
    assert.equal((await admin.request(`/api/v1/models/${modelIds[0]}`)).status, 404);

    await eraseAll();
    for (const id of modelIds) assert.deepEqual(await filesOf(id), []);
    assert.equal(await app.context.records.User.count({ where: { id: member.userId } }), 0);
    const photoOf = await other.request(`/api/v1/generations/${kept}/photo`);
    assert.equal(photoOf.status, 200, "the same photo, given by somebody else too");
    assert.ok((await photoOf.arrayBuffer()).byteLength > 0);

    const log = await (await fetch(`${app.url}/api/system/audit?format=ndjson`, admin)).text();
    assert.ok(!log.includes(member.email), "the e-mail address is nowhere in the log");
    const deeds = log.split("\n").filter((line) => line.includes(`"id":"${member.userId}","name"`));
    assert.ok(deeds.length > 3);
    for (const line of deeds) {
      const { actor, address, userAgent } = JSON.parse(line);
      assert.deepEqual([actor.name, address, userAgent], [`deleted-${member.userId.slice(-12)}`, null, null]);
    }
    await assert.rejects(signIn(app, member.email, member.password), /401/);
  });

  it("finishes a deletion that was cut off, and shows nothing of it meanwhile", async () => {
    const member = await makeMember(app);
    const id = await importModel(member);
    const killed = mock.method(app.context.storage, "remove", async () => {
      throw new Error("The process was killed");
    });
    assert.equal((await remove(member, member.password)).status, 204);
    await assert.rejects(eraseAll(), /killed/);
    assert.ok((await filesOf(id)).length > 0);
    assert.equal((await admin.request(`/api/v1/models/${id}`)).status, 404);
    killed.mock.restore();
    await eraseAll();
    assert.deepEqual(await filesOf(id), []);
  });

  it("cancels paid work that is being sent, and keeps nothing of what comes of it", async () => {
    const arrived = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    fake.script({
      create: async (call) => {
        arrived.resolve();
        await answer.promise;
        await started()(call);
      },
      polls: [state({ status: "processing" })],
    });
    const member = await makeMember(app);
    const { id } = await generate(member, await numberedPhoto(5));
    await arrived.promise;
    const { Generation, User, Attempt, Spending } = app.context.records;
    const row = await Generation.findByPk(id, { include: "photo", rejectOnEmpty: true });
    const photoFile = path.join(app.uploads, row.photo!.key);
    assert.ok(existsSync(photoFile));
    assert.equal((await remove(member, member.password)).status, 204);
    const during = await Generation.findByPk(id, { rejectOnEmpty: true });
    assert.equal(during.status, "canceled", "its row waits for the answer");
    assert.equal((await member.request(`/api/v1/generations/${id}`)).status, 401);
    answer.resolve();
    while (await Attempt.count({ where: { generationId: id, state: "open" } }))
      await new Promise((resolve) => setTimeout(resolve, 50));
    await eraseAll();
    assert.equal(await Generation.count({ where: { id } }), 0);
    assert.equal(await User.count({ where: { id: member.userId } }), 0);
    assert.deepEqual(await filesOf(row.reservedModelId), []);
    assert.ok(!existsSync(photoFile));
    const spent = await Spending.findAll({ order: [["number", "DESC"]], limit: 1 });
    assert.deepEqual([spent[0].userId, spent[0].generationId, spent[0].state], [null, null, "assumed"]);
  });

  it("never deletes the last administrator, and empties the first one's row instead of removing it", async () => {
    const { User } = app.context.records;
    assert.equal(admin.userId, LOCAL_USER_ID);
    const refused = await remove(admin, ADMIN_PASSWORD);
    assert.deepEqual([refused.status, (await json<{ code: string }>(refused)).code], [409, "last-admin"]);
    await makeMember(app, "admin");
    assert.equal((await remove(admin, ADMIN_PASSWORD)).status, 204);
    await eraseAll();
    const row = await User.unscoped().findByPk(LOCAL_USER_ID, { rejectOnEmpty: true });
    const { email, name, passwordHash, disabledAt, deletedAt } = row;
    assert.deepEqual(
      { email, name, passwordHash, disabledAt, deletedAt },
      { email: null, name: null, passwordHash: null, disabledAt: null, deletedAt: null },
    );
    assert.equal((await admin.request("/api/v1/auth/me")).status, 401);
  });
});
