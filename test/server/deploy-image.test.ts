import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { SETTINGS } from "../../server/settings.ts";
import { SERVER_ARGS } from "../../server/setup/server-command.mjs";
import { readCommit } from "../../server/source-commit.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const manifest = JSON.parse(read("package.json"));

/** Unlike in a shell `*` also stands for names that begin with a dot. */
const patternOf = (glob: string) =>
  new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll("*", "[^/]*").replaceAll("[^/]*[^/]*/", "(.*/)?")}$`);

/** What of the folder goes to the builder: the last pattern that fits a path or a folder above it decides. */
function isSent(file: string): boolean {
  const parents = file.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
  let sent = true;
  for (const line of read(".dockerignore").trim().split("\n")) {
    const pattern = patternOf(line.replace(/^!/, ""));
    if (parents.some((part) => pattern.test(part))) sent = line.startsWith("!");
  }
  return sent;
}

/** Instructions with their continued lines joined. */
const instructions = (name: string) =>
  [
    ...read("Dockerfile")
      .replace(/\\\n\s*/g, "")
      .matchAll(new RegExp(`^${name} (.*)$`, "gm")),
  ].map((match) => match[1]);

describe("the Dockerfile (npm run test:image builds it)", () => {
  it("copies only what is there and is sent", () => {
    const sources = instructions("COPY")
      .filter((line) => !line.startsWith("--from"))
      .flatMap((line) => line.split(" ").slice(0, -1));
    assert.ok(sources.includes("package-lock.json") && sources.includes("server"));
    for (const source of sources) {
      assert.ok(existsSync(path.join(ROOT, source)), source);
      assert.ok(isSent(source), `${source} is kept back by .dockerignore`);
    }
    for (const file of ["server/index.ts", "web/src/main.tsx", "migrations/a.cjs"])
      assert.ok(isSent(file), file);
    const kept = [
      "test/a.ts",
      "node_modules/a",
      ".git/HEAD",
      ".env",
      "server/.env.local",
      "web/dist/index.html",
    ];
    for (const file of [...kept, "uploads/a", "docs/a.md", "server/a.log", ".data/postgres"]) {
      assert.ok(!isSent(file), `${file} would be sent to the builder`);
    }
  });

  it("installs every package that the server loads", () => {
    const shipped = { ...manifest.dependencies, ...manifest.optionalDependencies };
    const files = globSync("{server/**/*.{ts,mjs,cjs},migrations/*.cjs}", { cwd: ROOT });
    assert.ok(files.length > 100);
    for (const file of files) {
      const text = read(file).replace(/^import type [^;]*;/gm, "");
      for (const [, name] of text.matchAll(/(?:\bfrom|^import|import\(|require\()\s*"([\w@][\w@./-]*)"/gm)) {
        if (isBuiltin(name)) continue;
        const [scope, part] = name.split("/");
        const packageName = scope.startsWith("@") ? `${scope}/${part}` : scope;
        assert.ok(packageName in shipped, `${file} loads ${packageName}, which is for developers only`);
      }
    }
  });

  it("runs the server as npm start does, without rights, with settings that exist", () => {
    assert.deepEqual(JSON.parse(instructions("CMD").at(-1)!), ["node", ...SERVER_ARGS]);
    assert.deepEqual(instructions("USER"), ["node"]);
    assert.deepEqual(instructions("EXPOSE"), [String(SETTINGS.parse({}).PORT)]);
    assert.match(instructions("HEALTHCHECK")[0], /\/health\/live/);
    const variables = [...instructions("ENV")[0].matchAll(/(\w+)=/g)].map((match) => match[1]);
    for (const name of variables) assert.ok(name === "MALLOC_ARENA_MAX" || name in SETTINGS.shape, name);
    const major = manifest.devDependencies.node.split(".")[0];
    for (const line of instructions("FROM").filter((base) => base.startsWith("node:"))) {
      assert.match(line, new RegExp(`^node:${major}-slim`));
    }
    for (const kind of ["input", "models", "temp"]) {
      assert.ok(
        instructions("RUN").some((line) => line.includes(`/data/uploads/${kind}`)),
        kind,
      );
    }
  });
});

describe("the commit of the source", () => {
  const COMMIT = "0123456789abcdef0123456789abcdef01234567";
  const other = COMMIT.replaceAll("0", "f");

  it("is that of the repository, else what an image says", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-commit-"));
    try {
      assert.equal(readCommit(folder), null);
      await writeFile(path.join(folder, "REVISION"), "unknown");
      assert.equal(readCommit(folder), null);
      await writeFile(path.join(folder, "REVISION"), COMMIT);
      assert.equal(readCommit(folder), COMMIT);
      await mkdir(path.join(folder, ".git"));
      await writeFile(path.join(folder, ".git/HEAD"), `${other}\n`);
      assert.equal(readCommit(folder), other);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
