import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { explainInstallFailure } from "./failures.mjs";
import { findRuntime, readJson, SetupError, writeJson } from "./layout.mjs";
import { findNpm } from "./npm.mjs";

const NEEDED_BYTES = 1.2e9;
const OUTPUT_KEPT = 200_000;
/** npm alone would try for many minutes. */
const GIVE_UP_AFTER_MS = 20_000;

const stampOf = (root) => path.join(root, "node_modules", ".setup.json");
const markerOf = (root) => path.join(root, ".tmp", "installing");
const lockHash = (root) =>
  createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");

/**
 * Why the dependencies of `root` must be installed, in words, or null when they are complete. Cheap when the
 * stamp of the last install fits; otherwise npm's own list of what it installed is compared with the lock file,
 * so that an install by hand counts too.
 */
export function reasonToInstall(root) {
  const modules = path.join(root, "node_modules");
  if (!fs.existsSync(modules)) return "they are missing";
  if (fs.existsSync(markerOf(root))) return "the last installation was interrupted";
  if (!findRuntime(root)) return "Node 24 is missing";
  const direct = readJson(path.join(root, "package.json"));
  const lost = Object.keys({ ...direct.dependencies, ...direct.devDependencies }).find(
    (name) => !fs.existsSync(path.join(modules, name)),
  );
  if (lost) return `${lost} is missing`;
  const hash = lockHash(root);
  if (readJson(stampOf(root))?.lock === hash) return null;
  const changed = firstDifference(root);
  if (changed) return `${changed} changed`;
  writeJson(stampOf(root), { lock: hash });
  return null;
}

/** The first package whose installed version is not the one of the lock file; null when all are right. */
function firstDifference(root) {
  const wanted = readJson(path.join(root, "package-lock.json"))?.packages ?? {};
  const installed = readJson(path.join(root, "node_modules", ".package-lock.json"))?.packages;
  if (!installed) return "package-lock.json";
  for (const [place, { version, optional, peer }] of Object.entries(wanted)) {
    if (place === "" || (!installed[place] && (optional || peer))) continue;
    if (installed[place]?.version !== version) return place.replace(/^.*node_modules\//, "");
  }
  return null;
}

/**
 * Runs `npm ci` in `root`, whatever NODE_ENV says, and reports what is going on. Throws a SetupError with the
 * cure when it fails; then, and after a kill, the next start installs again.
 */
export async function install(root, update = () => {}, env = process.env) {
  checkRoom(root);
  fs.mkdirSync(path.join(root, ".tmp"), { recursive: true });
  fs.writeFileSync(markerOf(root), String(process.pid));
  await runNpm(root, update, env);
  if (!findRuntime(root)) {
    throw new SetupError(
      "npm installed the dependencies, but not Node 24 (the package `node`), most often because its install " +
        "step may not run here. Install Node.js 24 from https://nodejs.org, then run the same command again.",
    );
  }
  fs.mkdirSync(path.join(root, "node_modules"), { recursive: true });
  writeJson(stampOf(root), { lock: lockHash(root) });
  fs.rmSync(markerOf(root));
}

function checkRoom(root) {
  const { bavail, bsize } = fs.statfsSync(root);
  const installed = fs.existsSync(path.join(root, "node_modules", ".package-lock.json"));
  if (bavail * bsize < NEEDED_BYTES && !installed) {
    throw new SetupError(
      `The disk has ${Math.round((bavail * bsize) / 1e6)} MB left; the dependencies need about ` +
        `${NEEDED_BYTES / 1e6} MB. Free some space, then run the same command again.`,
    );
  }
}

function runNpm(root, update, env) {
  const npm = findNpm(root, env);
  const options = ["ci", "--include=dev", "--include=optional", "--include=peer", "--ignore-scripts=false"];
  const quiet = ["--no-audit", "--no-fund", "--no-progress", "--prefer-offline", "--loglevel=http"];
  return new Promise((resolve, reject) => {
    const child = spawn(npm.command, [...npm.args, ...options, ...quiet], {
      cwd: root,
      env: npm.env,
      shell: npm.shell,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let lastWordAt = Date.now();
    const fetched = { lookedUp: 0, downloaded: 0, failing: null };
    let gaveUp = false;
    const giveUp = () => {
      gaveUp = fetched.lookedUp + fetched.downloaded === 0;
      if (gaveUp) child.kill("SIGKILL");
    };
    let patience;
    const onText = (text) => {
      output = (output + text).slice(-OUTPUT_KEPT);
      lastWordAt = Date.now();
      for (const [, address] of text.matchAll(/npm http fetch GET 200 (\S+)/g)) {
        fetched[address.endsWith(".tgz") ? "downloaded" : "lookedUp"] += 1;
      }
      const failure = /attempt \d+ failed with (\S+)/.exec(text)?.[1];
      if (failure) patience ??= setTimeout(giveUp, GIVE_UP_AFTER_MS);
      fetched.failing = failure ?? null;
    };
    const timer = setInterval(() => update(describe(fetched, Date.now() - lastWordAt)), 200);
    child.stdout.setEncoding("utf8").on("data", onText);
    child.stderr.setEncoding("utf8").on("data", onText);
    child.on("error", (error) =>
      reject(
        new SetupError(
          `npm can't be started (${error.message}). Install Node.js with npm from https://nodejs.org.`,
        ),
      ),
    );
    child.on("close", (code) => {
      clearInterval(timer);
      clearTimeout(patience);
      if (gaveUp) output += `\nnpm error ${output.match(/attempt \d+ failed with \S+/g)?.at(-1)}`;
      if (code === 0) resolve();
      else reject(explainInstallFailure(output, code));
    });
  });
}

const describe = ({ lookedUp, downloaded, failing }, quietMs) =>
  [
    lookedUp > 0 && `${lookedUp} packages looked up`,
    downloaded > 0 && `${downloaded} downloaded`,
    failing && `no answer (${failing}), trying again`,
    quietMs > 3_000 && (lookedUp > 0 ? "unpacking" : "waiting for the registry"),
  ]
    .filter(Boolean)
    .join(", ");
