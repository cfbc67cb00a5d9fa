import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { install, reasonToInstall } from "../../server/setup/install.mjs";

const LOCK = (version: string) => ({
  name: "sample",
  lockfileVersion: 3,
  packages: {
    "": { name: "sample", dependencies: { "is-thing": version } },
    "node_modules/is-thing": { version, integrity: "sha512-AAAA" },
    "node_modules/for-another-system": { version: "1.0.0", optional: true },
  },
});

let root: string;
const put = async (file: string, content: unknown) => {
  await fs.mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await fs.writeFile(path.join(root, file), JSON.stringify(content));
};

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "setup-"));
  await put("package.json", { name: "sample", dependencies: { "is-thing": "1.0.0" } });
  await put("package-lock.json", LOCK("1.0.0"));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

/** What npm leaves behind after an install. */
async function installByHand(version: string) {
  await put("node_modules/is-thing/package.json", { version });
  const { "node_modules/is-thing": installed } = LOCK(version).packages;
  await put("node_modules/.package-lock.json", { packages: { "node_modules/is-thing": installed } });
}

test("missing dependencies are a reason to install, an install by hand is none", async () => {
  assert.equal(reasonToInstall(root), "they are missing");
  await installByHand("1.0.0");
  assert.equal(reasonToInstall(root), null);
});

test("a changed lock file is a reason only when it asks for another version", async () => {
  await installByHand("1.0.0");
  assert.equal(reasonToInstall(root), null);
  await put("package-lock.json", { ...LOCK("1.0.0"), name: "renamed" });
  assert.equal(reasonToInstall(root), null);
  await put("package-lock.json", LOCK("1.0.1"));
  assert.equal(reasonToInstall(root), "is-thing changed");
});

test("an install that was cut short or lost a package is seen", async () => {
  await installByHand("1.0.0");
  await fs.rm(path.join(root, "node_modules/is-thing"), { recursive: true });
  assert.equal(reasonToInstall(root), "is-thing is missing");
  await fs.mkdir(path.join(root, "node_modules/is-thing"));
  await fs.rm(path.join(root, "node_modules/.package-lock.json"));
  assert.equal(reasonToInstall(root), "package-lock.json changed");
});

test("without a registry the install says what to do, and the next start tries again", async () => {
  const env = {
    ...process.env,
    npm_config_registry: "http://127.0.0.1:1/",
    npm_config_fetch_retries: "0",
    npm_config_cache: path.join(root, "cache"),
  };
  await assert.rejects(
    install(root, () => {}, env),
    /registry can't be reached.*run the same command again/s,
  );
  await installByHand("1.0.0");
  assert.equal(reasonToInstall(root), "the last installation was interrupted");
});

test("a finished install is not repeated, also in production", async () => {
  await put("package.json", { name: "sample", version: "1.0.0" });
  await put("package-lock.json", {
    name: "sample",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "": { name: "sample", version: "1.0.0" } },
  });
  await install(root, () => {}, { ...process.env, NODE_ENV: "production" });
  assert.equal(reasonToInstall(root), null);
});
