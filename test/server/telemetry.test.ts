import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Problem } from "../../server/contract/problem.ts";
import { startTestApp } from "../support/app.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type FakeCollector, startFakeCollector } from "../support/fake-collector.ts";
import { freePort, startServer } from "../support/server-process.ts";

const NOTE_LOADED = pathToFileURL(path.resolve(import.meta.dirname, "../support/note-loaded.mjs")).href;
const TELEMETRY = /^@sentry\/|^@opentelemetry\/(?!api$)/;
const BUCKETS = /^@aws-sdk\/|^@smithy\//;

interface SentryEvent {
  exception?: { values: { type: string; value: string; stacktrace?: { frames: { filename: string }[] } }[] };
  logentry?: { message: string };
  message?: string;
  tags: Record<string, string>;
  user?: Record<string, string>;
  request?: unknown;
  breadcrumbs?: unknown;
  release: string;
}

/** The events in what Sentry was sent: envelopes of lines of JSON (https://develop.sentry.dev/sdk/envelopes/). */
const eventsOf = ({ taken }: FakeCollector): SentryEvent[] =>
  taken.flatMap(({ body }) => {
    const [, ...lines] = body.split("\n").filter(Boolean);
    const parsed = lines.map((line) => JSON.parse(line));
    return parsed.flatMap((header, at) => (header.type === "event" ? [parsed[at + 1]] : []));
  });

const dsnOf = ({ port }: { port: number }) => `http://publickey123456@127.0.0.1:${port}/42`;

describe("errors sent to Sentry", () => {
  it("arrive once, with stack and ids, and with nothing of the request and no secret", async () => {
    await using sentry = await startFakeCollector();
    const app = await startTestApp({ env: { SENTRY_DSN: dsnOf(sentry) } });
    let problem: Problem;
    try {
      await app.context.records.sequelize.query("ALTER TABLE models_3d RENAME TO models_gone");
      const answer = await app.request("/api/v1/models?limit=7", {
        headers: {
          Cookie: "p3d_access=a-cookie-of-somebody",
          "X-Request-Id": "request-that-met-a-bug",
          "User-Agent": "A browser of somebody",
        },
      });
      assert.equal(answer.status, 500);
      problem = (await answer.json()) as Problem;
      app.context.logger.warn("A warning is no error");
      app.context.logger.error("A call failed with Bearer abcdefghijklmnop", {
        body: { note: "what somebody wrote" },
        generationId: "generation-1",
      });
      // The end of the process waits for them a few seconds only, which a busy machine may need for itself.
      await sentry.until(() => eventsOf(sentry).length >= 2);
    } finally {
      await app.dispose();
    }
    const events = eventsOf(sentry);
    assert.equal(events.length, 2, JSON.stringify(events));
    const [bug, call] = [...events].sort((a) => (a.exception ? -1 : 1));
    const [exception] = bug.exception!.values;
    assert.match(exception.value, /relation "models_3d" does not exist/);
    assert.ok(exception.stacktrace!.frames.some(({ filename }) => filename.includes("server/")));
    assert.equal(bug.logentry!.message, "A request met a bug");
    assert.equal(bug.tags.requestId, "request-that-met-a-bug");
    assert.equal(problem.requestId, bug.tags.requestId);
    assert.ok(bug.user!.id);
    assert.match(bug.release, /^photo-to-3d@\d/);
    assert.match(call.message!, /Bearer \[hidden\]$/);
    assert.equal(call.tags.generationId, "generation-1");
    for (const event of events) {
      assert.equal(event.request, undefined);
      assert.equal(event.breadcrumbs, undefined);
    }
    const sent = sentry.taken.map(({ body }) => body).join("");
    for (const secret of [
      "a-cookie-of",
      "browser of somebody",
      "abcdefghijklmnop",
      "what somebody wrote",
      "limit=7",
    ]) {
      assert.ok(!sent.includes(secret), secret);
    }
    assert.ok(
      sentry.taken.every(({ method, path }) => method === "POST" && path.startsWith("/api/42/envelope/")),
    );
  });

  it("cost nothing where Sentry is away", async () => {
    const app = await startTestApp({ env: { SENTRY_DSN: dsnOf({ port: await freePort() }) } });
    try {
      app.context.logger.error("A lamp broke");
      assert.equal((await app.request("/api/v1/models")).status, 200);
    } finally {
      await app.dispose();
    }
    assert.ok(app.lines.some(({ message }) => message === "A lamp broke"));
  });
});

describe("a start that fails", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "telemetry-start-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Nothing listens there. */
  const database = async () => `postgres://somebody:very-secret-word@127.0.0.1:${await freePort()}/nothing`;
  /** So that it is not waited for. */
  const SOON = { DATABASE_POOL_ACQUIRE_SECONDS: "1" };
  const starts = (settings: Record<string, string>) =>
    assert.rejects(startServer(folder, { ...SOON, ...settings }));

  it("is told to Sentry: the database that is away, the port that is taken", async (t) => {
    await using sentry = await startFakeCollector();
    const SENTRY_DSN = dsnOf(sentry);
    await starts({ SENTRY_DSN, DATABASE_URL: await database() });
    const other = createServer((_request, response) => void response.writeHead(503).end());
    other.listen(0, "127.0.0.1");
    t.after(() => {
      other.close();
      other.closeAllConnections();
    });
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await starts({ SENTRY_DSN, DATABASE_URL: await database(), PORT: String(port) });
    // Who has ended did not wait for the answers for ever.
    await sentry.until(() => eventsOf(sentry).length >= 2);
    const events = eventsOf(sentry);
    assert.deepEqual(
      events.map(({ logentry }) => logentry?.message),
      ["The start failed", "The start failed"],
    );
    const [away, taken] = events.map(({ exception }) => exception!.values[0]);
    assert.match(away.value, /ECONNREFUSED/);
    assert.match(taken.value, /EADDRINUSE/);
    assert.match(events[0].release, /^photo-to-3d@\d/);
    assert.ok(sentry.taken.every(({ body }) => !body.includes("very-secret-word")));
  });

  it("ends all the same where Sentry takes what is sent and says nothing", async (t) => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    t.after(() => {
      silent.close();
      silent.closeAllConnections();
    });
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const asked = once(silent, "request", { signal: AbortSignal.timeout(240_000) });
    let child: ChildProcess | undefined;
    const settings = { ...SOON, SENTRY_DSN: dsnOf({ port }), DATABASE_URL: await database() };
    const note = (started: ChildProcess) => {
      child = started;
    };
    await assert.rejects(startServer(folder, settings, note));
    // By itself: who waits for it ends it by a signal.
    assert.equal(child?.exitCode, 1);
    await asked;
  });
});

describe("the libraries for traces and errors", () => {
  let folder: string;
  let database: TestDatabase;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "telemetry-"));
    database = await createTestDatabase();
  });
  after(async () => {
    await database.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  async function packagesLoaded(name: string, settings: Record<string, string>): Promise<string[]> {
    const file = path.join(folder, name);
    const server = await startServer(folder, {
      ...settings,
      DATABASE_URL: database.url,
      LOADED_PACKAGES: file,
      NODE_OPTIONS: `--import=${NOTE_LOADED}`,
    });
    try {
      assert.equal((await fetch(`${server.url}/api/v1/models`)).status, 200);
    } finally {
      assert.equal(await server.stop(), 0);
    }
    return (await readFile(file, "utf8")).trim().split("\n");
  }

  it("are not loaded where nothing is to be sent", async () => {
    const loaded = await packagesLoaded("without", {});
    assert.ok(loaded.includes("express"));
    assert.deepEqual(
      loaded.filter((name) => TELEMETRY.test(name) || BUCKETS.test(name)),
      [],
      "nor is a bucket's client, where there is none",
    );
  });

  it("are loaded where something is", async () => {
    await using collector = await startFakeCollector();
    const loaded = await packagesLoaded("with", {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      SENTRY_DSN: dsnOf(collector),
    });
    const found = loaded.filter((name) => TELEMETRY.test(name));
    assert.ok(found.includes("@sentry/core") && found.includes("@opentelemetry/sdk-trace"), found.join());
    const hasTraces = () => collector.taken.some(({ path }) => path === "/v1/traces");
    await collector.until(hasTraces);
    assert.ok(hasTraces());
  });
});
