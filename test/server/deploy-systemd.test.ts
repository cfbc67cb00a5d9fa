import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { before, describe, it } from "node:test";
import { promisify } from "node:util";
import { loadConfig } from "../../server/config.ts";
import { SERVER_ARGS } from "../../server/setup/server-command.mjs";

const UNIT = path.resolve(import.meta.dirname, "../../deploy/systemd/photo-to-3d.service");
const run = promisify(execFile);
/** From 0 (locked up) to 10, by systemd's own measure. */
const WORST_EXPOSURE = 2;
/** The first that judges a unit as a file. */
const NEEDED_RELEASE = 250;

describe("the unit for systemd", () => {
  let text: string;
  let values: (name: string) => string[];
  before(async () => {
    text = await readFile(UNIT, "utf8");
    values = (name) => [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map((match) => match[1]);
  });

  it("gives the product settings that it takes, and time to end", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-unit-"));
    try {
      const credentials = values("LoadCredential").map((value) => value.split(":")[0]);
      const secrets = Object.fromEntries(credentials.map((name) => [name, randomBytes(24).toString("hex")]));
      for (const name of credentials) await writeFile(path.join(folder, name), `${secrets[name]}\n`);
      const env = Object.fromEntries(
        values("Environment")
          .flatMap((line) => line.split(" "))
          .map((pair) => pair.replace("%d", folder).replace("%i", "3002").split("=")),
      );
      const { config } = loadConfig(env);
      assert.deepEqual(config.listen, { host: "127.0.0.1", port: 3002 });
      assert.equal(config.secrets.jwt, secrets.JWT_SECRET);
      assert.equal(config.database.kind, "embedded");
      // Without a name after the @ the port is the usual one.
      assert.equal(loadConfig({ ...env, PORT: "" }).config.listen.port, 3001);
      assert.ok(Number(values("TimeoutStopSec")[0]) > config.shutdownTimeoutSeconds);
      assert.ok(values("ExecStart")[0].endsWith(` ${SERVER_ARGS.join(" ")}`));
      assert.deepEqual(values("Restart"), ["always"]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("is understood by systemd, and locks up what the product doesn't need", async (t) => {
    const version = await run("systemd-analyze", ["--version"]).catch(() => null);
    const release = Number(/systemd (\d+)/.exec(version?.stdout ?? "")?.[1] ?? 0);
    if (release < NEEDED_RELEASE) {
      return t.diagnostic(
        `Only read by this test: there is no systemd-analyze ${NEEDED_RELEASE} or newer here`,
      );
    }
    t.diagnostic(`systemd ${release}`);
    const folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-unit-"));
    try {
      await mkdir(path.join(folder, "bin"));
      await writeFile(path.join(folder, "bin/node"), "#!/bin/sh\n", { mode: 0o755 });
      // Its program is not installed here.
      const own = text.replace(/^ExecStart=\S+/m, `ExecStart=${folder}/bin/node`);
      for (const name of ["photo-to-3d.service", "photo-to-3d@3001.service"]) {
        const unit = path.join(folder, name);
        await writeFile(unit, own);
        const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", unit]);
        assert.equal(linesAbout(name, stdout + stderr), "");
        await writeFile(unit, own.replace("Restart=always", "Restart=sometimes"));
        const wrong = await run("systemd-analyze", ["verify", "--man=no", unit]);
        assert.match(linesAbout(name, wrong.stdout + wrong.stderr), /sometimes/);
      }
      const { stdout } = await run("systemd-analyze", ["security", "--offline=yes", "--no-pager", UNIT]);
      const exposure = Number(/exposure level for \S+ ([\d.]+)/.exec(stdout)?.[1]);
      assert.ok(exposure <= WORST_EXPOSURE, stdout);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** It also reads units that ours needs, which may have faults of their own. */
const linesAbout = (name: string, said: string) =>
  said
    .split("\n")
    .filter((line) => line.includes(name))
    .join("\n");
