import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";

const SCRIPT = path.resolve(import.meta.dirname, "../../deploy/compose/new-certificate.sh");
const run = promisify(execFile);

describe("deploy/compose/new-certificate.sh", () => {
  let folder: string;
  let lineage: string;
  /** A blank in its name, so that the setting needs its quotes. */
  let tls: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-certificate-"));
    lineage = path.join(folder, "live");
    tls = path.join(folder, "of nginx");
    await Promise.all([
      mkdir(lineage),
      mkdir(tls),
      mkdir(path.join(folder, "product/deploy/compose"), { recursive: true }),
    ]);
    await cp(SCRIPT, path.join(folder, "product/deploy/compose/new-certificate.sh"));
    for (const name of ["fullchain.pem", "privkey.pem"]) {
      await writeFile(path.join(folder, name), `new ${name}`, { mode: 0o644 });
      // certbot's names lead to the newest of several files.
      await symlink(path.join(folder, name), path.join(lineage, name));
      await writeFile(path.join(tls, name), "old");
    }
    const engine = '#!/bin/sh\necho "$* $(cat "$NGINX_READS/fullchain.pem")" > "$NGINX_READS/../told"\n';
    await writeFile(path.join(folder, "docker"), engine, { mode: 0o755 });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const renew = (variables: Record<string, string> = {}) => {
    const PATH = `${folder}:${process.env.PATH}`;
    const { TLS_DIR: _, ...own } = process.env;
    return run("sh", [path.join(folder, "product/deploy/compose/new-certificate.sh")], {
      env: { ...own, PATH, NGINX_READS: tls, RENEWED_LINEAGE: lineage, ...variables },
    });
  };

  it("puts a renewed certificate where nginx reads it, and says so to nginx", async () => {
    await renew({ TLS_DIR: tls });
    assert.equal(
      await readFile(path.join(folder, "told"), "utf8"),
      "compose -f compose.prod.yml exec -T nginx nginx -s reload new fullchain.pem\n",
    );
    assert.deepEqual((await readdir(tls)).sort(), ["fullchain.pem", "privkey.pem"]);
    assert.equal(await readFile(path.join(tls, "privkey.pem"), "utf8"), "new privkey.pem");
    assert.equal((await stat(path.join(tls, "privkey.pem"))).mode & 0o077, 0, "root alone reads the key");
  });

  it("takes the folder from .env as Compose does", async () => {
    for (const [name, written] of [
      ["of nginx", `TLS_DIR="${tls}"`],
      ["of nginx", `TLS_DIR='${tls}' # mounted`],
      ["plain", `TLS_DIR=/nowhere\nTLS_DIR=${folder}/plain # mounted`],
      ["product/tls", "PUBLIC_URL=https://3d.example.com"],
    ]) {
      tls = path.join(folder, name);
      await mkdir(tls, { recursive: true });
      await writeFile(path.join(tls, "fullchain.pem"), "old");
      await writeFile(path.join(folder, "product/.env"), `${written}\nHTTP_PORT=80\n`);
      await renew();
      assert.equal(await readFile(path.join(tls, "fullchain.pem"), "utf8"), "new fullchain.pem", written);
    }
  });
});
