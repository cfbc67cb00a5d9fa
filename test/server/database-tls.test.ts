import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, chown, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import pg from "pg";
import { generate } from "selfsigned";
import { clientOptions } from "../../server/database/connect.ts";
import { reachDatabase } from "../../server/database/reach.ts";
import { startTestApp } from "../support/app.ts";
import { runToEnd } from "../support/backups.ts";
import { type OwnPostgres, startOwnPostgres } from "../support/own-postgres.ts";
import { until } from "../support/until.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SILENT = { info() {}, warn() {} };

let folder: string;
let postgres: OwnPostgres;
/** In the folder of the tests, where this process may read it. */
let files: { certificate: string; key: string };
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "photo-to-3d-tls-"));
  await chmod(folder, 0o755);
  postgres = await startOwnPostgres(path.join(folder, "postgres"));
  // For the address only: the name of the same machine is another one.
  const { cert, private: key } = await generate([{ name: "commonName", value: "photo-to-3d test" }], {
    keySize: 2048,
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  files = { certificate: path.join(folder, "server.crt"), key: path.join(folder, "server.key") };
  await writeFile(files.certificate, cert);
  await writeFile(files.key, key, { mode: 0o600 });
  const cluster = path.join(folder, "postgres/cluster");
  const { uid, gid } = await stat(path.join(cluster, "PG_VERSION"));
  for (const [name, text] of [
    ["server.crt", cert],
    ["server.key", key],
  ]) {
    await writeFile(path.join(cluster, name), text, { mode: 0o600 });
    if (process.getuid?.() === 0) await chown(path.join(cluster, name), uid, gid);
  }
});
after(async () => {
  await postgres?.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** The database's address with these options of TLS. */
function url(options: Record<string, string>, host = "127.0.0.1"): string {
  const made = new URL(postgres.url);
  made.hostname = host;
  for (const [name, value] of Object.entries(options)) made.searchParams.set(name, value);
  return made.href;
}

/** Whether a connection that is made as the product makes all of its own is encrypted. */
async function isEncrypted(options: Record<string, string>, host?: string): Promise<boolean> {
  const reached = await reachDatabase(url(options, host), { patienceMs: 0, logger: SILENT });
  const client = new pg.Client(clientOptions(reached));
  await client.connect();
  try {
    const { rows } = await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    return rows[0].ssl;
  } finally {
    await client.end();
  }
}

/** Lets PostgreSQL read its settings anew, and waits until a new connection shows it. */
async function reload(shows: () => Promise<boolean>): Promise<void> {
  await postgres.pool.query("SELECT pg_reload_conf()");
  await until("the settings are read", shows);
}

test("without TLS at the server, what demands it is refused and what may use it goes without", async () => {
  for (const sslmode of ["disable", "allow", "prefer"])
    assert.equal(await isEncrypted({ sslmode }), false, sslmode);
  assert.equal(await isEncrypted({}), false);
  await assert.rejects(isEncrypted({ sslmode: "require" }), /does not support SSL.*ssl=on/);
});

test("with TLS each mode checks what it promises", async () => {
  await postgres.pool.query("ALTER SYSTEM SET ssl = on");
  await reload(async () => await isEncrypted({ sslmode: "prefer" }));
  const sslrootcert = files.certificate;
  const found: Record<string, boolean> = {};
  for (const sslmode of ["disable", "allow", "prefer", "require", "no-verify"]) {
    found[sslmode] = await isEncrypted({ sslmode });
  }
  assert.equal(await isEncrypted({}), true, "the default is prefer");
  assert.deepEqual(found, { disable: false, allow: false, prefer: true, require: true, "no-verify": true });
  await assert.rejects(isEncrypted({ sslmode: "verify-full" }), /self-signed certificate.*sslrootcert=FILE/);
  await assert.rejects(isEncrypted({ sslrootcert: "system" }), /self-signed certificate.*sslrootcert=FILE/);
  for (const sslmode of ["require", "verify-ca", "verify-full"]) {
    assert.equal(await isEncrypted({ sslmode, sslrootcert }), true, sslmode);
  }
  // The certificate is not for this name.
  for (const sslmode of ["require", "verify-ca"]) {
    assert.equal(await isEncrypted({ sslmode, sslrootcert }, "localhost"), true, sslmode);
  }
  await assert.rejects(
    isEncrypted({ sslmode: "verify-full", sslrootcert }, "localhost"),
    /localhost.*sslmode=verify-ca with sslrootcert=FILE/,
  );
});

test("a server that takes only encrypted connections with a certificate gets them from every part", async () => {
  const hba = path.join(folder, "postgres/cluster/pg_hba.conf");
  await writeFile(hba, "hostssl all all all scram-sha-256 clientcert=verify-ca\n");
  await postgres.pool.query("ALTER SYSTEM SET ssl_ca_file = 'server.crt'");
  await reload(() => isEncrypted({ sslmode: "disable" }).catch(() => true));
  await assert.rejects(isEncrypted({ sslmode: "disable" }), /no encryption.*add sslmode=require/);
  const { certificate: sslcert, key: sslkey } = files;
  const whole = url({ sslmode: "verify-full", sslrootcert: sslcert, sslcert, sslkey });
  await until("the certificate is asked for", () =>
    isEncrypted({ sslmode: "require" }).then(
      () => false,
      () => true,
    ),
  );
  const env = { PATH: process.env.PATH, DATABASE_URL: whole };
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["server/database/migrate-cli.ts"], { cwd: ROOT, env });
  assert.match(stdout, /^Applied /);
  const cli = path.join(ROOT, "node_modules/sequelize-cli/lib/sequelize");
  const status = await run(process.execPath, [cli, "db:migrate:status"], { cwd: ROOT, env });
  assert.match(status.stdout, /^up .*spine\.cjs$/m);

  const app = await startTestApp({
    databaseUrl: whole,
    env: { MONITORING_INTERVAL: "1", BACKUP_DIR: path.join(folder, "backups") },
  });
  try {
    await runToEnd(app, "/create", {});
    const { rows } = await postgres.pool.query<{ name: string; ssl: boolean }>(
      // One that is just coming in is not known to be encrypted before it has been let in.
      `SELECT application_name AS name, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
        WHERE application_name <> 'test' AND backend_type = 'client backend' AND state IS DISTINCT FROM 'starting'`,
    );
    assert.ok(
      rows.every(({ ssl }) => ssl),
      JSON.stringify(rows),
    );
    for (const part of ["photo-to-3d", "photo-to-3d notices", "photo-to-3d queue"]) {
      assert.ok(
        rows.some(({ name }) => name === part),
        `${part} in ${JSON.stringify(rows)}`,
      );
    }
    const doctor = await run(process.execPath, ["server/doctor/cli.ts", "--json"], { cwd: ROOT, env }).catch(
      (error) => error as { stdout: string },
    );
    assert.match(doctor.stdout, /the connection is encrypted with TLSv1/);
  } finally {
    await app.dispose();
  }
});
