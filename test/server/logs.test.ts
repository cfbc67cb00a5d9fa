import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Generation } from "../../server/contract/generation.ts";
import type { LogLevel, LogLine, LogTail } from "../../server/contract/logs.ts";
import { ADMIN_EMAIL, type Member, makeMember, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";
import { photoForm, readPhoto } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";

let fake: FakeGenapi;
let database: TestDatabase;
let app: TestApp;
let admin: Member;
let ada: Member;
before(async () => {
  fake = await startFakeGenapi();
  database = await createTestDatabase();
  app = await startAccountsApp({ fake, databaseUrl: database.url });
  admin = await signIn(app);
  ada = await makeMember(app);
});
after(async () => {
  await app.dispose();
  await database.dispose();
  await fake.dispose();
});

async function tail(query: string): Promise<LogLine[]> {
  const answer = await admin.request(`/api/system/logs?${query}`);
  assert.equal(answer.status, 200);
  return ((await answer.json()) as LogTail).lines;
}

async function levelOf(by: Member): Promise<LogLevel> {
  const answer = await by.request("/api/system/log-level");
  assert.equal(answer.status, 200);
  return (await answer.json()) as LogLevel;
}

describe("the newest lines of the log", () => {
  it("tell the story of a request through its jobs, with its ids and without what names or opens an account", async () => {
    const headers = { "X-Request-Id": "story-of-a-sofa" };
    const body = photoForm(await readPhoto("sofa.jpg"), { provider: "genapi" });
    const posted = await ada.request("/api/v1/generations", { method: "POST", body, headers });
    assert.equal(posted.status, 202);
    const { id } = (await posted.json()) as Generation;
    const hasEnded = async () =>
      ((await (await ada.request(`/api/v1/generations/${id}`)).json()) as Generation).finishedAt !== null;
    for (let tries = 0; tries < 1200 && !(await hasEnded()); tries++) await sleep(100);
    let lines: LogLine[] = [];
    // The last line comes after the last change of the row.
    for (let tries = 0; tries < 600 && !lines.some(({ details }) => details.job === "finish"); tries++) {
      lines = await tail("lines=1000&q=story-of-a-sofa");
      await sleep(50);
    }
    assert.ok(lines.some(({ message }) => message === "POST /api/v1/generations"));
    assert.ok(lines.some(({ details }) => details.job === "submit-genapi"));
    for (const { requestId, generationId, userId, message, details } of lines) {
      assert.equal(requestId, "story-of-a-sofa");
      assert.equal(userId, ada.userId, message);
      if (details.job) assert.equal(generationId, id, message);
    }
    assert.deepEqual(
      lines.map(({ timestamp }) => timestamp),
      lines.map(({ timestamp }) => timestamp).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)),
    );
    const all = JSON.stringify(await tail("lines=1000"));
    for (const secret of [ada.accessToken, ada.refreshToken, ada.password, ada.email, ADMIN_EMAIL]) {
      assert.ok(!all.includes(secret), `the log has ${secret}`);
    }
  });

  it("are found by level and text, and no more of them than asked for", async () => {
    app.context.logger.warn("A lamp flickers", { room: 'the "blue" one' });
    app.context.logger.error("A lamp broke", { apiKey: "sk-1234567890abcdef" });
    const [broke, flickers] = await tail("q=LAMP");
    assert.deepEqual([broke.message, broke.level], ["A lamp broke", "error"]);
    assert.deepEqual(broke.details, { apiKey: "[hidden]" });
    assert.equal(flickers.message, "A lamp flickers");
    assert.equal((await tail("q=lamp&lines=1")).length, 1);
    assert.deepEqual(
      (await tail("q=lamp&level=error")).map(({ message }) => message),
      ["A lamp broke"],
    );
    assert.equal((await tail(`q=${encodeURIComponent('the "blue"')}`)).length, 1);
    assert.equal((await admin.request("/api/system/logs?lines=1001")).status, 400);
  });

  it("are for administrators", async () => {
    assert.equal((await ada.request("/api/system/logs")).status, 403);
    assert.equal((await ada.request("/api/system/log-level")).status, 403);
    assert.equal((await ada.send("PUT", "/api/system/log-level", { level: "debug" })).status, 403);
  });
});

describe("the level of the log", () => {
  it("is chosen at run time for all replicas, on record, and given back", async () => {
    await using other = await startAccountsApp({ fake, databaseUrl: database.url, uploads: app.uploads });
    const elsewhere = {
      ...admin,
      request: (path: string) => other.request(path, { headers: admin.headers }),
    };
    const comesTo = async (level: string) => {
      for (let tries = 0; tries < 1200 && (await levelOf(elsewhere)).level !== level; tries++)
        await sleep(50);
      assert.equal((await levelOf(elsewhere)).level, level);
    };
    assert.deepEqual(await levelOf(admin), { level: "debug", configured: "debug", isChosen: false });

    const changed = await admin.send("PUT", "/api/system/log-level", { level: "warn" });
    assert.equal(changed.status, 200);
    assert.deepEqual(await changed.json(), { level: "warn", configured: "debug", isChosen: true });
    await comesTo("warn");
    for (const { context } of [app, other]) {
      context.logger.info("Nobody wants to read this");
      context.logger.warn("Everybody wants to read this");
      const lines = context.logs.tail.newest({ lines: 1000, q: "wants to read this" });
      assert.deepEqual(
        lines.map(({ message }) => message),
        ["Everybody wants to read this"],
      );
    }

    assert.equal((await admin.send("PUT", "/api/system/log-level", { level: "loud" })).status, 400);
    assert.equal((await admin.send("PUT", "/api/system/log-level", { level: null })).status, 200);
    await comesTo("debug");
    assert.equal((await levelOf(admin)).isChosen, false);
    app.context.logger.info("All is told again");
    assert.equal((await tail("q=All is told again")).length, 1);

    const deeds = await app.context.records.AuditEntry.findAll({
      where: { action: "system.log-level-changed" },
      order: [["createdAt", "ASC"]],
    });
    assert.deepEqual(
      deeds.map(({ details }) => details),
      [
        { before: null, level: "warn" },
        { before: "warn", level: null },
      ],
    );
    assert.equal(deeds[0].actorId, admin.userId);
  });
});
