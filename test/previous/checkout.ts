import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { listMigrations } from "../../server/database/migrate.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SHALLOW = "This clone has no history. Fetch it: git fetch --unshallow --tags";

const git = (...args: string[]) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();

export interface Revision {
  /** Short hash. */
  commit: string;
  subject: string;
  /** Why this one. */
  because: string;
}

/**
 * What ran before this version: the commit that is asked for, else the newest release, else the newest commit that lacks
 * the newest migration. Throws a sentence with the cure where the clone doesn't have it.
 */
export function previousRevision(asked: string | undefined): Revision {
  const described = (revision: string, because: string): Revision => {
    const [commit, subject] = git("log", "-1", "--format=%h%n%s", `${revision}^{commit}`).split("\n");
    return { commit, subject, because };
  };
  const isShallow = git("rev-parse", "--is-shallow-repository") === "true";
  if (asked) {
    const found = spawnSync("git", ["cat-file", "-e", `${asked}^{commit}`], { cwd: ROOT });
    if (found.status !== 0) {
      throw new Error(`There is no commit ${asked} here.${isShallow ? ` ${SHALLOW}` : ""}`);
    }
    return described(asked, "asked for");
  }
  const tags = git("tag", "--list", "v*", "--sort=-version:refname").split("\n").filter(Boolean);
  const head = git("rev-parse", "HEAD");
  const tag = tags.find((one) => git("rev-parse", `${one}^{commit}`) !== head);
  if (tag) return described(tag, "the newest release");
  const newest = listMigrations().at(-1)!;
  const added = git("log", "--diff-filter=A", "--format=%H", "--", `migrations/${newest}`).split("\n").at(-1);
  // A migration that is not committed yet: everything that is lacks it.
  if (!added) return described("HEAD", `the newest commit without ${newest}`);
  const parent = spawnSync("git", ["rev-parse", "--verify", "--quiet", `${added}^`], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (parent.status !== 0) throw new Error(isShallow ? SHALLOW : "Nothing was before this version.");
  const before = git("rev-list", "--first-parent", "--max-count=50", parent.stdout.trim()).split("\n");
  const whole = before.find(isWhole);
  if (!whole) throw new Error("No commit before this version has all of its files. Name one.");
  return described(whole, `the newest whole commit without ${newest}`);
}

/** Whether every file is there that another imports: a step on the way to a version may not run. */
function isWhole(commit: string): boolean {
  const files = new Set(git("ls-tree", "-r", "--name-only", commit, "server").split("\n"));
  const imports = git(
    "grep",
    "--only-matching",
    "-E",
    '(from|import\\()[ ]?"\\.[^"]+"',
    commit,
    "--",
    "server",
  );
  return imports.split("\n").every((line) => {
    const [, from, wanted] = /^[^:]+:([^:]+):.*"([^"]+)"$/.exec(line) ?? [];
    return !from || !wanted.endsWith(".ts") || files.has(path.posix.join(path.posix.dirname(from), wanted));
  });
}

/** Whether two checkouts want the same packages; what is only for development or for the page doesn't matter. */
function wantsSame(one: string, other: string): boolean {
  const wanted = (root: string) => {
    const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
    const needed = Object.entries(packages as Record<string, { dev?: boolean; version?: string }>)
      .filter(([name, { dev }]) => name !== "" && !dev)
      .map(([name, { version }]) => [name, version]);
    return new Map(needed as [string, string][]);
  };
  const [here, there] = [wanted(one), wanted(other)];
  // More packages than it asks for do no harm.
  return [...there].every(([name, version]) => here.get(name) === version);
}

/** Puts the files of a revision into an empty folder, with its packages. */
export function checkOut({ commit }: Revision, folder: string, say: (line: string) => void): void {
  mkdirSync(folder, { recursive: true });
  const archive = `${folder}.tar`;
  git("archive", "--format=tar", `--output=${archive}`, commit);
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  rmSync(archive);
  if (wantsSame(ROOT, folder)) {
    symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "dir");
    return;
  }
  say("Its packages are others: npm ci (a few minutes, needs npm's registry)");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** What the newer version has and the older one does not know. */
export function newerMigrations(folder: string): string[] {
  const known = new Set(readdirSync(path.join(folder, "migrations")));
  return listMigrations().filter((name) => !known.has(name));
}
