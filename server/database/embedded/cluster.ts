import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Account, canReach } from "./account.ts";
import type { Binaries } from "./binaries.ts";

export const SUPERUSER = "postgres";

/** A database cluster on disk and everything needed to run it. */
export interface Cluster {
  folder: string;
  /** How PostgreSQL, started in `folder`, is told about it. */
  folderArgument: string;
  password: string;
  account: Account | null;
  binaries: Binaries;
  logFile: string;
}

/** PostgreSQL's environment: none of the product's secrets, English messages. */
export const SERVER_ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C" };

/** Opens the cluster in `dataFolder`, making it first where there is none. The caller holds the folder's lock. */
export function openCluster(
  dataFolder: string,
  account: Account | null,
  binaries: Binaries,
  durable: boolean,
): Cluster {
  const folder = path.join(dataFolder, "cluster");
  const passwordFile = path.join(dataFolder, "password");
  if (!fs.existsSync(path.join(folder, "PG_VERSION"))) {
    create(dataFolder, folder, passwordFile, account, binaries, durable);
  }
  checkMajor(folder, binaries.major);
  if (!fs.existsSync(passwordFile)) {
    throw new Error(
      `The database's password file ${passwordFile} is missing. Put it back, or move ${dataFolder} away to begin anew.`,
    );
  }
  return {
    folder,
    folderArgument: folderArgument(folder, account),
    password: fs.readFileSync(passwordFile, "utf8").trim(),
    account,
    binaries,
    logFile: path.join(dataFolder, "server.log"),
  };
}

/**
 * PostgreSQL resolves the path it is given, which fails below a folder its account can't enter (a private home).
 * On Linux /proc/self/cwd leads straight to the working folder, whatever lies above it.
 */
function folderArgument(folder: string, account: Account | null): string {
  if (account === null || canReach(account, folder)) return folder;
  if (process.platform === "linux") return "/proc/self/cwd";
  throw new Error(
    `The account ${account.name} can't enter ${folder}. Start the product as an ordinary user, move it out of the private folder, or set DATABASE_URL.`,
  );
}

function checkMajor(folder: string, major: number): void {
  const written = Number.parseInt(fs.readFileSync(path.join(folder, "PG_VERSION"), "utf8"), 10);
  if (written === major) return;
  throw new Error(
    `The data in ${folder} was written by PostgreSQL ${written}, and this version brings PostgreSQL ${major}, which can't read it. ` +
      `Start the version of the product that wrote it, make a backup there, move the folder away, start this version and restore the backup; or set DATABASE_URL to a PostgreSQL ${written}.`,
  );
}

/** Runs initdb aside and moves the result into place, so that a crash half way leaves nothing that looks whole. */
function create(
  dataFolder: string,
  folder: string,
  passwordFile: string,
  account: Account | null,
  binaries: Binaries,
  durable: boolean,
): void {
  for (const name of fs.readdirSync(dataFolder)) {
    if (name.startsWith("new-")) fs.rmSync(path.join(dataFolder, name), { recursive: true });
  }
  const aside = fs.mkdtempSync(path.join(dataFolder, "new-"));
  const cluster = path.join(aside, "cluster");
  fs.mkdirSync(cluster, { mode: 0o700 });
  const password = randomBytes(24).toString("base64url");
  fs.writeFileSync(path.join(aside, "password"), password, { mode: 0o600 });
  if (account) {
    for (const owned of [aside, cluster, path.join(aside, "password")]) {
      fs.chownSync(owned, account.uid, account.gid);
    }
  }
  const argument = folderArgument(cluster, account);
  const options = `--username=${SUPERUSER} --auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8`;
  const result = spawnSync(
    binaries.initdb,
    [
      `--pgdata=${argument}`,
      `--pwfile=${argument}/../password`,
      ...options.split(" "),
      ...(durable ? [] : ["--no-sync"]),
    ],
    {
      cwd: cluster,
      encoding: "utf8",
      env: SERVER_ENVIRONMENT,
      ...(account && { uid: account.uid, gid: account.gid }),
    },
  );
  if (result.status !== 0) {
    fs.rmSync(aside, { recursive: true, force: true });
    const reason = result.error ? explainSpawnError(result.error, account) : result.stderr.trim();
    throw new Error(`A database could not be created in ${dataFolder}: ${reason}`, { cause: result.error });
  }
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  fs.renameSync(cluster, folder);
  fs.rmSync(aside, { recursive: true });
}

/** Why one of PostgreSQL's programs could not be started at all, with the cure. */
export function explainSpawnError(error: Error, account: Account | null): string {
  const code = (error as NodeJS.ErrnoException).code;
  const cure = "Set DATABASE_URL to use another PostgreSQL.";
  if (code === "ENOENT") {
    return `the built-in PostgreSQL needs a Linux with glibc 2.27 or later (Alpine has none). ${cure}`;
  }
  if ((code === "EPERM" || code === "EINVAL") && account) {
    return `root may not switch to the account ${account.name} here. Start the product as an ordinary user. ${cure}`;
  }
  return `${error.message}. ${cure}`;
}
