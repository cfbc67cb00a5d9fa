import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { readCommit } from "../../server/source-commit.ts";
import { freePort } from "../support/server-process.ts";
import { checkTools, makeBaseImage } from "./base-image.ts";
import { buildImage, configOf, mountImage, packagesIn, sizesOf } from "./built-image.ts";
import { output } from "./commands.ts";
import { travel } from "./journey.ts";
import { runInSandbox, untilIn } from "./sandbox.ts";

/** The Dockerfile for real: its stages are built without an engine, what comes out is used as an engine would run it. */
const ROOT = path.resolve(import.meta.dirname, "../..");
const CACHE = "/var/tmp/photo-to-3d-image";
const BASE = "docker.io/library/node:24-slim";
const IMAGE = "localhost/photo-to-3d:test";
const NODE_UID = 1000;
/** Of compose: longer than the server's own limit. */
const GRACE_MS = 30_000;

const startedAt = performance.now();
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work();
  const seconds = (performance.now() - from) / 1000;
  console.log(`ok   ${what} (${seconds.toFixed(1)} s${typeof result === "string" ? `; ${result}` : ""})`);
  return result;
}

const manifest = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8"));
const lock = JSON.parse(await readFile(path.join(ROOT, "package-lock.json"), "utf8"));
const revision = readCommit(ROOT) ?? "0".repeat(40);
await checkTools();
await mkdir(CACHE, { recursive: true });
const data = await mkdtemp("/var/tmp/photo-to-3d-data-");
await chown(data, NODE_UID, NODE_UID);
try {
  await step("a base image of Debian and Node", () => makeBaseImage(BASE, CACHE));
  await step("all stages of the Dockerfile", () =>
    buildImage(IMAGE, { version: manifest.version, revision }),
  );
  const config = await configOf(IMAGE);
  await step("what the image says of itself", async () => {
    assert.equal(config.User, "node");
    assert.deepEqual(Object.keys(config.ExposedPorts), ["3001/tcp"]);
    assert.equal(config.Labels["org.opencontainers.image.version"], manifest.version);
    assert.equal(config.Labels["org.opencontainers.image.revision"], revision);
    assert.equal(config.Healthcheck.Test[0], "CMD");
  });
  await using image = await mountImage(IMAGE);
  await step("nothing in it is for developers only", async () => {
    const packages = await packagesIn(image.folder);
    assert.deepEqual(
      packages.filter((name) => lock.packages[`node_modules/${name}`].dev),
      [],
    );
    const needless = [
      "-name",
      "*.map",
      "-o",
      "-name",
      "*.test.ts",
      "-o",
      "-name",
      ".env*",
      "-o",
      "-name",
      ".git",
    ];
    assert.equal(
      await output("find", [path.join(image.folder, "app"), "-type", "f", "(", ...needless, ")"]),
      "",
    );
    return `${packages.length} packages`;
  });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const administrator = { email: "admin@example.com", password: randomBytes(18).toString("hex") };
  const opsToken = randomBytes(24).toString("hex");
  const env = {
    HOST: "127.0.0.1",
    PORT: String(port),
    ADMIN_EMAIL: administrator.email,
    ADMIN_PASSWORD: administrator.password,
    OPS_TOKEN: opsToken,
  };
  const options = { root: image.folder, config, data, env };
  const product = runInSandbox(options);
  await step("it starts with a root that can't be written, without rights", async () => {
    await untilIn(product, async () => (await fetch(`${url}/health/ready`)).ok);
    const status = await product.status();
    assert.match(status.NSpid, /\s1$/, "Node is process 1");
    assert.match(status.Uid, new RegExp(`^${NODE_UID}\\s`));
    assert.deepEqual(
      [Number(`0x${status.CapEff}`), Number(`0x${status.CapBnd}`), status.NoNewPrivs],
      [0, 0, "1"],
    );
    const writing = runInSandbox(options, [
      "sh",
      "-c",
      "touch /app/file /usr/file || touch /tmp/file /data/file",
    ]);
    assert.equal(await writing.ended, 0, writing.output());
    assert.match(writing.output(), /\/app\/file.*Read-only file system/);
  });
  await step("its health check says that it is well", async () => {
    const check = runInSandbox(options, config.Healthcheck.Test.slice(1));
    assert.equal(await check.ended, 0, check.output());
    const gone = runInSandbox({ ...options, env: { PORT: "9" } }, config.Healthcheck.Test.slice(1));
    assert.equal(await gone.ended, 1, gone.output());
  });
  await step("it knows its version and commit", async () => {
    const answer = await fetch(`${url}/health/detailed`, {
      headers: { Authorization: `Bearer ${opsToken}` },
    });
    const told = await answer.json();
    assert.deepEqual([told.version, told.commit], [manifest.version, revision]);
  });
  await step("a photo becomes a model and a file for printing", () => travel(url, administrator));
  await step("SIGTERM ends it", async () => {
    assert.equal(await product.stop(GRACE_MS), 0, product.output().slice(-2000));
  });
  console.table(
    Object.entries(await sizesOf(image.folder)).map(([part, size]) => ({ part, MB: Math.round(size) })),
  );
} finally {
  await rm(data, { recursive: true, force: true });
}
console.log(`All of it took ${Math.round((performance.now() - startedAt) / 1000)} s`);
