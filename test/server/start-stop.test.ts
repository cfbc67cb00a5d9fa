import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { MIGRATION_LOCK } from "../../server/database/migrate.ts";
import { SERVER_ARGS } from "../../server/setup/server-command.mjs";
import { createTestDatabase } from "../support/database.ts";
import { freePort, startServer } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-start-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** The server as it is started by a container, not waited for. */
async function spawnServer(settings: Record<string, string>) {
  const port = settings.PORT ? Number(settings.PORT) : await freePort();
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: folder,
    UPLOAD_DIR: path.join(folder, "uploads"),
    PORT: String(port),
  };
  const child = spawn(process.execPath, SERVER_ARGS, { cwd: ROOT, env: { ...env, ...settings } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  const closed = once(child, "close");
  return { port, child, output: () => output, ended: () => closed.then(([code]) => code as number | null) };
}

const isRefused = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(false)).on("error", () => resolve(true));
    socket.on("connect", () => socket.destroy());
  });

const stopped = (child: ChildProcess) => void child.kill("SIGTERM");

test("a port that is taken is told before anything else is begun", async () => {
  const other = net.createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const data = path.join(folder, "untouched");
  const server = await spawnServer({ PORT: String(port), DATA_DIR: data });
  assert.equal(await server.ended(), 1);
  assert.match(
    server.output(),
    new RegExp(
      `^Port ${port} is taken by another program\\. Stop that one, or choose another: PORT=${port + 1}`,
      "m",
    ),
  );
  assert.ok(!fs.existsSync(data));
  other.close();
});

test("nobody is let in before the server can serve, and a signal ends the start in order", async () => {
  const silent = net.createServer((socket) => void socket.on("error", () => {})).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const asked = once(silent, "connection");
  const { port } = silent.address() as AddressInfo;
  const server = await spawnServer({ DATABASE_URL: `postgres://user:word@127.0.0.1:${port}/name` });
  const [socket] = await asked;
  assert.ok(await isRefused(server.port));
  stopped(server.child);
  assert.equal(await server.ended(), 0, server.output());
  assert.match(server.output(), /Stopping before the start has ended.*Stopped/s);
  assert.doesNotMatch(server.output(), /The start failed/);
  socket.destroy();
  silent.close();
});

test("a signal ends the wait for the migrations of another process, and nothing is half done", async () => {
  const database = await createTestDatabase({ migrated: false });
  const holder = new pg.Client({ connectionString: database.url, application_name: "test" });
  await holder.connect();
  try {
    await holder.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const server = await spawnServer({ DATABASE_URL: database.url });
    await until("it waits for its turn", async () => {
      const { rows } = await holder.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      );
      return rows.length > 0;
    });
    stopped(server.child);
    assert.equal(await server.ended(), 0, server.output());
    const { rows } = await holder.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    assert.deepEqual(rows, []);
  } finally {
    await holder.end();
    await database.dispose();
  }
});

test("a request that came before the signal is answered after it, and the process ends well", async () => {
  const database = await createTestDatabase();
  const server = await startServer(folder, {
    DATABASE_URL: database.url,
    DATABASE_POOL_MIN: "0",
    LOG_LEVEL: "info",
    SHUTDOWN_TIMEOUT_SECONDS: "300",
  });
  try {
    const { port } = new URL(server.url);
    const client = net.connect(Number(port), "127.0.0.1");
    let text = "";
    client.setEncoding("utf8").on("data", (piece) => (text += piece));
    const ended = once(client, "close");
    const body = JSON.stringify({
      name: "Kept",
      url: "https://example.com/",
      events: ["generation.succeeded"],
    });
    client.write(
      `POST /api/v1/webhooks HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
        `Expect: 100-continue\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    );
    await until("the server has begun with it", () => text.startsWith("HTTP/1.1 100 Continue"));
    client.write(body.slice(0, 5));
    stopped(server.child);
    await until("nobody new comes in", () => isRefused(Number(port)));
    client.write(body.slice(5));
    const [hadError] = await ended;
    assert.equal(hadError, false);
    const [, answer] = text.split("100 Continue\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 \d{3} .*^Connection: close/ims);
    assert.doesNotMatch(answer, /^HTTP\/1\.1 5/);
    assert.equal(await server.stop(), 0);
  } finally {
    await server.stop();
    await database.dispose();
  }
});
