import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

const ROOT = path.join(import.meta.dirname, "../..");
const BIOME = path.join(ROOT, "node_modules/@biomejs/biome/bin/biome");

/** File → what it imports; each of these breaks a layer. */
const WRONG = {
  "server/contract/wrong.ts": "../errors.ts",
  "server/errors.ts": "./config.ts",
  "server/config.ts": "./models/photo.ts",
  "server/database/wrong.ts": "../queue/queue.ts",
  "server/models/wrong.ts": "../services/models.ts",
  "server/storage/wrong.ts": "../models/photo.ts",
  "server/storage/backup.ts": "../backup/dump.ts",
  "server/backup/wrong.ts": "../models/photo.ts",
  "server/cache/wrong.ts": "../services/models.ts",
  "server/models/cache.ts": "../cache/cache.ts",
  "server/providers/local/wrong.ts": "../../services/models.ts",
  "server/policies/wrong.ts": "../services/models.ts",
  "server/services/wrong.ts": "../routes/models.ts",
  "server/services/http.ts": "../http/route.ts",
  "server/services/app.ts": "../app.ts",
  "server/http/wrong.ts": "../routes/models.ts",
  "server/services/metrics.ts": "../metrics/metrics.ts",
  "server/jobs/wrong.ts": "../routes/models.ts",
  "server/tracing.ts": "./services/models.ts",
  "server/telemetry/wrong.ts": "../models/photo.ts",
  "server/jobs/metrics.ts": "../metrics/metrics.ts",
  "server/metrics/wrong.ts": "../routes/models.ts",
  "server/routes/wrong.ts": "../context.ts",
  "server/context.ts": "./app.ts",
  "server/services/page.ts": "../../web/src/app.ts",
  "server/services/fake.ts": "../../test/support/fake.ts",
  "web/src/wrong.ts": "../../server/services/models.ts",
};
/** The same for what is allowed. */
const RIGHT = {
  "server/models/right.ts": "../contract/model.ts",
  "server/queue/right.ts": "../database/connect.ts",
  "server/providers/local/right.ts": "../provider.ts",
  "server/backup/right.ts": "../storage/storage.ts",
  "server/services/backup.ts": "../backup/dump.ts",
  "server/cache/right.ts": "../config.ts",
  "server/services/right.ts": "../models/photo.ts",
  "server/services/cache.ts": "../cache/cache.ts",
  "server/metrics/right.ts": "../models/records.ts",
  "server/routes/right.ts": "../http/route.ts",
  "server/app.ts": "./config.ts",
  "web/src/api/right.ts": "../../../server/contract/model.ts",
  "test/server/right.ts": "../../server/services/models.ts",
};

test("lint refuses imports against the layers, reading the environment in the middle, and cycles", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "layers-"));
  try {
    const put = async (file: string, text: string) => {
      await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    };
    for (const name of ["biome.json", ".gitignore"]) await cp(path.join(ROOT, name), path.join(folder, name));
    for (const [file, target] of Object.entries({ ...WRONG, ...RIGHT })) {
      await put(file, `import { thing } from "${target}";\n\nthing();\n`);
    }
    await put("server/services/environment.ts", "export const home = process.env.HOME;\n");
    await put("server/index.ts", "export const home = process.env.HOME;\n");
    await put(
      "server/services/one.ts",
      'import { two } from "./two.ts";\n\nexport const one = () => two();\n',
    );
    await put(
      "server/services/two.ts",
      'import { one } from "./one.ts";\n\nexport const two = () => one();\n',
    );
    const { diagnostics } = await lint(folder);
    const flagged = (rule: string) =>
      diagnostics
        .filter(({ category }) => category === rule)
        .map(({ location }) => location.path)
        .sort();
    assert.deepEqual(flagged("lint/style/noRestrictedImports"), Object.keys(WRONG).sort());
    assert.deepEqual(flagged("lint/style/noProcessEnv"), ["server/services/environment.ts"]);
    assert.deepEqual(flagged("lint/suspicious/noImportCycles"), [
      "server/services/one.ts",
      "server/services/two.ts",
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Report {
  diagnostics: { category: string; location: { path: string } }[];
}

/** Runs Biome's linter in a folder; it ends with an error code when it finds something. */
function lint(cwd: string): Promise<Report> {
  return new Promise((resolve, reject) => {
    const args = [BIOME, "lint", "--reporter=json", "--max-diagnostics=none", "."];
    execFile(process.execPath, args, { cwd }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(error ?? new Error(`Biome printed no report: ${stdout}`));
      }
    });
  });
}
