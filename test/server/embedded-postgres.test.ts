import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { chooseAccount } from "../../server/database/embedded/account.ts";
import { copyBinaries, findBinaries } from "../../server/database/embedded/binaries.ts";
import { startEmbeddedPostgres } from "../../server/database/embedded.ts";
import {
  endHolder,
  killHolder,
  processesOf,
  query,
  queryWhenBack,
  serverPid,
  startHolder,
  untilGone,
  untilNoneOf,
  watchdogsOf,
} from "../support/embedded-postgres.ts";

const temporary = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "embedded-postgres-"));
fs.chmodSync(temporary, 0o755);
const dataFolder = path.join(temporary, "data");
const isRoot = process.getuid?.() === 0;

after(() => fs.rmSync(temporary, { recursive: true, force: true }));

test("a new database is UTF-8, on loopback, behind a password, and keeps its data over a restart", async () => {
  const first = await startEmbeddedPostgres({ dataFolder });
  assert.equal(first.adopted, false);
  assert.equal(new URL(first.url).hostname, "127.0.0.1");
  const [facts] = await query(
    first.url,
    `SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider, datlocale, current_database() AS name,
       current_setting('listen_addresses') AS addresses, upper('ёлка') AS upper
     FROM pg_database WHERE datname = current_database()`,
  );
  assert.deepEqual(facts, {
    encoding: "UTF8",
    datlocprovider: "b",
    datlocale: "C.UTF-8",
    name: "photo_to_3d",
    addresses: "127.0.0.1",
    upper: "ЁЛКА",
  });
  const guess = new URL(first.url);
  guess.password = "postgres";
  await assert.rejects(query(guess.href, "SELECT 1"), /password authentication failed/);
  assert.equal(fs.statSync(path.join(dataFolder, "password")).mode & 0o077, 0);
  if (isRoot) assert.notEqual(fs.statSync(path.join(dataFolder, "cluster")).uid, 0);

  await query(first.url, "CREATE TABLE kept (what text)");
  await query(first.url, "INSERT INTO kept VALUES ('before the restart')");
  await first.dispose();
  assert.deepEqual(processesOf(dataFolder), [], "no process is left after the stop");

  const second = await startEmbeddedPostgres({ dataFolder });
  assert.deepEqual(await query(second.url, "SELECT what FROM kept"), [{ what: "before the restart" }]);
  await second.dispose();
});

test("a killed Node takes its database along, and the next start has the data", async () => {
  const holder = await startHolder(dataFolder);
  const pid = serverPid(dataFolder);
  await query(holder.url, "INSERT INTO kept VALUES ('before the kill')");
  await killHolder(holder);
  await untilGone(pid);
  const next = await startEmbeddedPostgres({ dataFolder });
  assert.deepEqual(await query(next.url, "SELECT count(*)::int AS n FROM kept"), [{ n: 2 }]);
  await next.dispose();
  await untilNoneOf(dataFolder);
});

test("a server that outlived its Node and its watchdog is taken over, and stopped in the end", async () => {
  const holder = await startHolder(dataFolder);
  const pid = serverPid(dataFolder);
  const watchdogs = watchdogsOf(dataFolder);
  assert.equal(watchdogs.length, 1);
  await killHolder(holder, ...watchdogs);
  const next = await startEmbeddedPostgres({ dataFolder });
  assert.equal(next.adopted, true);
  assert.equal(next.url, holder.url);
  assert.equal(serverPid(dataFolder), pid);
  await query(next.url, "SELECT 1");
  await next.dispose();
  assert.deepEqual(processesOf(dataFolder), []);
});

test("an adopted server that is killed is started again too", async () => {
  const holder = await startHolder(dataFolder);
  const pid = serverPid(dataFolder);
  await killHolder(holder, ...watchdogsOf(dataFolder));
  const next = await startEmbeddedPostgres({ dataFolder });
  assert.equal(next.adopted, true);
  process.kill(pid, "SIGKILL");
  await untilGone(pid);
  await queryWhenBack(next.url, "SELECT count(*) FROM kept");
  assert.notEqual(serverPid(dataFolder), pid);
  await next.dispose();
  assert.deepEqual(processesOf(dataFolder), []);
});

test("taking over in the very moment of the kill works, whether the server is stopping or not", async () => {
  for (let round = 0; round < 10; round++) {
    const holder = await startHolder(dataFolder);
    await killHolder(holder);
    const next = await startEmbeddedPostgres({ dataFolder });
    await queryWhenBack(next.url, "SELECT count(*) FROM kept");
    await next.dispose();
  }
  await untilNoneOf(dataFolder);
});

test("a killed PostgreSQL comes back at the same address with everything committed", async () => {
  const server = await startEmbeddedPostgres({ dataFolder });
  for (let round = 0; round < 3; round++) {
    await query(server.url, `INSERT INTO kept VALUES ('round ${round}')`);
    const pid = serverPid(dataFolder);
    process.kill(pid, "SIGKILL");
    await untilGone(pid);
    const rows = await queryWhenBack(server.url, `SELECT what FROM kept WHERE what = 'round ${round}'`);
    assert.equal(rows.length, 1);
  }
  await server.dispose();
  assert.deepEqual(processesOf(dataFolder), []);
});

test("stopping while the server is being started again leaves nothing", async () => {
  const server = await startEmbeddedPostgres({ dataFolder });
  const pid = serverPid(dataFolder);
  process.kill(pid, "SIGKILL");
  await untilGone(pid);
  await server.dispose();
  await untilNoneOf(dataFolder);
});

test("of two starts on one folder the second is refused and told who has it", async () => {
  const folder = path.join(temporary, "contested");
  const holders = await Promise.all([startHolder(folder), startHolder(folder)]);
  const [winner, loser] = holders[0].error ? [holders[1], holders[0]] : holders;
  assert.equal(winner.error, undefined);
  assert.match(
    loser.error ?? "",
    new RegExp(`in use by process ${winner.child.pid}.*DATA_DIR or a DATABASE_URL`),
  );
  await assert.rejects(startEmbeddedPostgres({ dataFolder: folder, patienceMs: 0 }), /in use by process/);
  await query(winner.url, "SELECT 1");
  await killHolder(winner);
  const next = await startEmbeddedPostgres({ dataFolder: folder });
  await query(next.url, "SELECT 1");
  await next.dispose();
});

test("a pid file whose number belongs to a stranger is no obstacle", async () => {
  const stranger = spawn(
    "sleep",
    ["60"],
    isRoot ? { uid: fs.statSync(path.join(dataFolder, "cluster")).uid } : {},
  );
  try {
    const crashed = await startHolder(dataFolder);
    const pidFile = path.join(dataFolder, "cluster/postmaster.pid");
    const text = fs.readFileSync(pidFile, "utf8").replace(/^\d+/, String(stranger.pid));
    await endHolder(crashed);
    fs.writeFileSync(pidFile, text);
    const next = await startEmbeddedPostgres({ dataFolder });
    assert.equal(next.adopted, false);
    await query(next.url, "SELECT 1");
    await next.dispose();
  } finally {
    stranger.kill();
  }
});

test("below a private home the account that runs PostgreSQL can't enter it works all the same", async () => {
  const home = path.join(temporary, "home");
  fs.mkdirSync(home, { mode: 0o700 });
  const folder = path.join(home, "checkout/.data/postgres");
  const first = await startEmbeddedPostgres({ dataFolder: folder });
  await query(first.url, "CREATE TABLE kept AS SELECT 1 AS n");
  await first.dispose();
  const holder = await startHolder(folder);
  process.kill(serverPid(folder), "SIGKILL");
  assert.deepEqual(await queryWhenBack(holder.url, "SELECT n FROM kept"), [{ n: 1 }]);
  await endHolder(holder);
  assert.deepEqual(processesOf(home), []);
  assert.equal(fs.statSync(home).mode & 0o777, 0o700, "the home stays private");
});

test("a copy of the programs can be run by the account, whatever the umask and the packaging lost", () => {
  const { postgres } = findBinaries(null, temporary);
  const packaged = path.join(temporary, "package/native");
  fs.cpSync(path.join(path.dirname(postgres), ".."), packaged, { recursive: true, verbatimSymlinks: true });
  for (const name of fs.readdirSync(path.join(packaged, "lib"))) {
    const file = path.join(packaged, "lib", name);
    if (fs.lstatSync(file).isSymbolicLink()) fs.rmSync(file);
  }
  const umask = process.umask(0o077);
  let copy: string;
  try {
    copy = copyBinaries(packaged, path.join(temporary, "copies/postgres"));
  } finally {
    process.umask(umask);
  }
  const account = chooseAccount(temporary);
  const program = path.join(copy, "bin", path.basename(postgres));
  const options = account ? { uid: account.uid, gid: account.gid } : {};
  const result = spawnSync(program, ["--version"], { ...options, cwd: "/", encoding: "utf8" });
  assert.match(result.stdout, /^postgres \(PostgreSQL\) 18/);
  assert.equal(copyBinaries("/nowhere", path.join(temporary, "copies/postgres")), copy, "copied once only");
});

test("it works as an ordinary user", async () => {
  const home = path.join(temporary, "ordinary");
  fs.mkdirSync(home);
  const account = isRoot ? chooseAccount(home, "/etc/passwd") : null;
  if (account) fs.chownSync(home, account.uid, account.gid);
  const folder = path.join(home, "data");
  const holder = await startHolder(folder, account ? { uid: account.uid, gid: account.gid } : undefined);
  assert.equal(holder.error, undefined);
  await query(holder.url, "SELECT 1");
  await endHolder(holder);
  assert.equal(fs.statSync(path.join(folder, "cluster")).uid, account?.uid ?? process.getuid?.());
});

test("data of another major version is left alone and the cure is told", async () => {
  const version = path.join(dataFolder, "cluster/PG_VERSION");
  const own = fs.readFileSync(version);
  fs.writeFileSync(version, "15\n");
  try {
    await assert.rejects(
      startEmbeddedPostgres({ dataFolder }),
      /written by PostgreSQL 15, .* brings PostgreSQL 18, .*restore the backup; or set DATABASE_URL/,
    );
  } finally {
    fs.writeFileSync(version, own);
  }
});

test("a platform without a built-in PostgreSQL is told so", async () => {
  const arch = Object.getOwnPropertyDescriptor(process, "arch") as PropertyDescriptor;
  Object.defineProperty(process, "arch", { ...arch, value: "ppc64" });
  try {
    await assert.rejects(
      startEmbeddedPostgres({ dataFolder }),
      /no built-in PostgreSQL for \w+-ppc64.*set DATABASE_URL/,
    );
  } finally {
    Object.defineProperty(process, "arch", arch);
  }
});

test("root without an ordinary account to hand over to is told so", () => {
  const passwd = path.join(temporary, "passwd");
  fs.writeFileSync(passwd, "root:x:0:0:root:/root:/bin/sh\n");
  if (isRoot) assert.throws(() => chooseAccount(temporary, passwd), /ordinary user, or set DATABASE_URL/);
  else assert.equal(chooseAccount(temporary, passwd), null);
});
