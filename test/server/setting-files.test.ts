import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { loadConfig } from "../../server/config.ts";
import { secretsOf } from "../../server/config-secrets.ts";
import { SETTINGS } from "../../server/settings.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SECRET = "Xq3f0sJ9rT5yVb7NnKd2wLzM8gHhAa4P";

let folder: string;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "setting-files-"));
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

test("every setting can be read from a file, and none has a name that such a file would have", () => {
  const names = Object.keys(SETTINGS.shape);
  for (const name of names) {
    assert.ok(!names.includes(`${name}_FILE`), name);
    assert.throws(
      () => loadConfig({ [`${name}_FILE`]: path.join(folder, "missing") }),
      ({ message }: Error) => message.startsWith(`${name}_FILE names the file ${folder}/missing, `),
    );
  }
});

test("the value is what the file holds, without the line end that editors and tools add", () => {
  for (const end of ["", "\n", "\r\n", "\n\n"]) {
    const file = write("jwt", SECRET + end);
    assert.equal(loadConfig({ JWT_SECRET_FILE: file }).config.secrets.jwt, SECRET);
  }
  const password = write("password", " it's my pass:word/ \n");
  const { database } = loadConfig({ PGHOST: "db.example", PGPASSWORD_FILE: password }).config;
  assert.ok(database.kind === "url");
  assert.equal(decodeURIComponent(new URL(database.url).password), " it's my pass:word/ ");
});

test("a relative path begins at the product's folder, and an empty one is none", () => {
  write("port", "4007\n");
  assert.equal(loadConfig({ PORT_FILE: "port" }, folder).config.listen.port, 4007);
  assert.equal(loadConfig({ PORT_FILE: " " }, folder).config.listen.port, 3001);
});

test("a value that is given twice, or a file that can't serve, stops the start with the cure", () => {
  const refused = (env: Record<string, string>) => {
    try {
      loadConfig(env);
    } catch (error) {
      return (error as Error).message;
    }
    assert.fail(`started with ${JSON.stringify(env)}`);
  };
  const file = write("jwt", SECRET);
  assert.equal(
    refused({ JWT_SECRET: SECRET, JWT_SECRET_FILE: file }),
    "Both JWT_SECRET and JWT_SECRET_FILE are set. Keep one of them.",
  );
  assert.match(
    refused({ JWT_SECRET_FILE: folder }),
    /names the file .*can't be read: EISDIR.*Correct the path/,
  );
  assert.match(refused({ JWT_SECRET_FILE: write("empty", "\n") }), /is empty\. Write the value into it/);
  const wrong = refused({ JWT_SECRET_FILE: write("short", "too-short-7171") });
  assert.match(wrong, /JWT_SECRET is wrong: needs at least 32 characters/);
  assert.ok(!wrong.includes("7171"));
});

test("operators see that a value is from a file, secrets stay secret, and the log hides them", () => {
  const env = { JWT_SECRET_FILE: write("jwt", SECRET), PORT_FILE: write("port", "4007"), HOST: "127.0.0.1" };
  const { config } = loadConfig(env);
  const shown = new Map(config.shown.map(({ name, ...setting }) => [name, setting]));
  assert.deepEqual(shown.get("JWT_SECRET"), { value: null, isSecret: true, isSet: true, isFromFile: true });
  assert.deepEqual(shown.get("PORT"), { value: "4007", isSecret: false, isSet: true, isFromFile: true });
  assert.equal(shown.get("HOST")?.isFromFile, false);
  assert.ok(secretsOf(config).includes(SECRET));
});

test("the tools read the same files", async () => {
  const PGPASSWORD_FILE = path.join(folder, "not-there");
  const env = { PATH: process.env.PATH, PGHOST: "127.0.0.1", PGPASSWORD_FILE, UPLOAD_DIR: folder };
  const tools = {
    "server/database/migrate-cli.ts": [],
    "server/database/cli-database.ts": [],
    "server/services/backups/cli.ts": [],
    "server/services/restore/cli.ts": ["backup-2026"],
    "server/doctor/cli.ts": [],
    "server/services/vault/rotate-cli.ts": [],
    "server/services/accounts/reset-link-cli.ts": ["admin@example.com"],
  };
  const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
  for (const [tool, args] of Object.entries(tools)) {
    const isKnown =
      tool.endsWith("cli-database.ts") || Object.values<string>(scripts).some((line) => line.includes(tool));
    assert.ok(isKnown, `${tool} is no tool`);
    const run = promisify(execFile)(process.execPath, [path.join(ROOT, tool), ...args], { cwd: ROOT, env });
    await assert.rejects(run, ({ stderr, stdout }: { stderr: string; stdout: string }) =>
      (stderr + stdout).includes(`PGPASSWORD_FILE names the file ${PGPASSWORD_FILE}`),
    );
  }
});
