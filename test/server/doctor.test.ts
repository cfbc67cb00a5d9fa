import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { v7 as newId } from "uuid";
import { loadConfig } from "../../server/config.ts";
import { connectDatabase } from "../../server/database/connect.ts";
import type { Patient } from "../../server/doctor/check.ts";
import { redis } from "../../server/doctor/checks/redis.ts";
import { reportOf } from "../../server/doctor/report.ts";
import { createTestDatabase } from "../support/database.ts";
import type { FakeGenapi } from "../support/fake-genapi/fake-genapi.ts";
import { startFakeGenapi } from "../support/fake-genapi/server.ts";
import { redisKinds } from "../support/redis/test-redis.ts";

const CLI = path.resolve(import.meta.dirname, "../../server/doctor/cli.ts");

interface Finding {
  check: string;
  status: string;
  message: string;
  cure?: string;
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let fake: FakeGenapi;
let folder: string;
/** A program that is not ours, on a port and in place of a mail server. */
let stranger: Server;
before(async () => {
  database = await createTestDatabase();
  fake = await startFakeGenapi();
  folder = await mkdtemp(path.join(os.tmpdir(), "doctor-"));
  stranger = createServer((_request, response) => response.end("hello"));
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  stranger.closeAllConnections();
  stranger.close();
  await fake.dispose();
  await database.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `npm run doctor` as people do; settings given here come on top of healthy ones. */
function examine(env: Record<string, string> = {}, ...flags: string[]) {
  const settings = {
    PATH: process.env.PATH,
    PORT: "0",
    DATABASE_URL: database.url,
    DATA_DIR: path.join(folder, "data"),
    UPLOAD_DIR: path.join(folder, "uploads"),
    GENAPI_API_KEY: fake.key,
    GENAPI_BASE_URL: `${fake.url}/api/v1`,
    ...env,
  };
  return new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, [CLI, ...flags], { env: settings, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
}

test("a healthy installation has no problems", async () => {
  const { code, said } = await examine();
  assert.equal(code, 0, said);
  assert.match(said, /ok +provider: GenAPI knows the key; the balance is 1234.5 RUB/);
  assert.match(said, /0 problems, 0 warnings/);
});

test("the last line counts in whole words", () => {
  const finding = (status: "problem" | "warning") => ({ status, check: "port", message: "taken" });
  const last = (...findings: Parameters<typeof reportOf>[0]) => reportOf(findings, false).split("\n").at(-1);
  assert.equal(last(finding("problem")), "1 problem, 0 warnings.");
  assert.equal(last(finding("warning")), "0 problems, 1 warning.");
  assert.equal(last(finding("problem"), finding("problem")), "2 problems, 0 warnings.");
});

test("everything that ails is said at once, with a cure each, and no secret", async () => {
  const { port } = stranger.address() as AddressInfo;
  await writeFile(path.join(folder, "file"), "");
  const data = await mkdtemp(path.join(folder, "data-"));
  await writeFile(path.join(data, "secrets.json"), "{}");
  await chmod(path.join(data, "secrets.json"), 0o644);
  const sequelize = connectDatabase({
    url: database.url,
    pool: { max: 1, min: 0, acquireMs: 60_000, idleMs: 1000 },
  });
  await sequelize.query(
    "INSERT INTO users (id, email, password_hash, role) VALUES ($1, 'a@x.example', 'x', 'user')",
    {
      bind: [newId()],
    },
  );
  await sequelize.close();
  const secrets = {
    JWT_SECRET: "changeme-changeme-changeme-changeme",
    GENAPI_API_KEY: "a-key-that-genapi-refuses-5151",
    SMTP_URL: `smtp://me:mail-password-5252@127.0.0.1:${port}`,
    REDIS_URL: "redis://:redis-word-5454@127.0.0.1:9",
  };
  const { code, said } = await examine(
    {
      ...secrets,
      AUTH: "on",
      MAIL_FROM: "x@example.com",
      PUBLIC_URL: "https://3d.example.com",
      PORT: String(port),
      DATA_DIR: data,
      UPLOAD_DIR: path.join(folder, "file"),
    },
    "--json",
  );
  assert.equal(code, 1, said);
  for (const secret of [...Object.values(secrets), "mail-password-5252", "redis-word-5454"])
    assert.ok(!said.includes(secret), said);
  const { healthy, findings } = JSON.parse(said) as { healthy: boolean; findings: Finding[] };
  assert.equal(healthy, false);
  const bad = findings.filter(({ status }) => status === "warning" || status === "problem");
  for (const { cure, message } of bad) assert.ok(cure, message);
  const problems = bad.filter(({ status }) => status === "problem").map(({ check }) => check);
  assert.deepEqual(
    problems,
    ["secrets", "redis", "encryption", "storage", "accounts", "tokens", "mail", "provider", "port"],
    said,
  );
  assert.deepEqual(
    bad.filter(({ status }) => status === "warning").map(({ check }) => check),
    ["settings", "secrets"],
  );
});

test("a database that is away, and a wrong setting, keep nothing else from being said", async () => {
  const away = await examine({ DATABASE_URL: "postgres://me:db-password-5353@127.0.0.1:9/none" });
  assert.equal(away.code, 1);
  assert.match(away.said, /PROBLEM +database: [\s\S]*-> Start it[\s\S]*ok +provider/);
  const wrong = await examine({ TRUST_PROXY: "postgres://me:db-password-5353@host" }, "--json");
  assert.equal(wrong.code, 1);
  assert.match((JSON.parse(wrong.said) as { findings: Finding[] }).findings[0].message, /TRUST_PROXY/);
  assert.ok(![away, wrong].some(({ said }) => said.includes("5353")));
});

test("a Redis is tried out; one that is away, full or refuses the password is a problem with a cure", async (t) => {
  for (const { name, start } of await redisKinds()) {
    t.diagnostic(`Redis: ${name}`);
    const server = await start();
    const look = async (url: string) => {
      const { config } = loadConfig({ REDIS_URL: url });
      const [{ status, message, cure }] = await redis.run({ config } as Patient);
      return `${status}: ${message} -> ${cure}`;
    };
    try {
      assert.match(
        await look(server.url),
        /^ok: Redis \d+\.\d+\.\d+ \([\d.]+[KM] .*no bound\) can be written and read/,
      );
      await server.send("CONFIG", "SET", "maxmemory", "1");
      assert.match(await look(server.url), /^problem: .*OOM.* -> Give it memory/);
      const foreign = server.url.replace(/:[^:@]+@/, ":redis-word-5454@");
      assert.match(await look(foreign), /^problem: .*WRONGPASS.* -> .*the password in REDIS_URL/);
      await server.stop();
      assert.match(await look(server.url), /^problem: .*ECONNREFUSED.* -> Start it/);
    } finally {
      await server.dispose();
    }
  }
});
