import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { readJson, SetupError, TOOLS, writeJson } from "./layout.mjs";
import { capture } from "./run.mjs";

/** What the built page depends on: files and folders, relative to the root. */
const SOURCES = ["web", "server/contract", "package-lock.json", "tsconfig.json"];
const LEFT_OUT = new Set(["dist", "node_modules"]);

const stampOf = (root) => path.join(root, "web", "dist", ".setup.json");

/** A digest of all sources of the page, by name and content. */
export function digestPage(root) {
  const hash = createHash("sha256");
  const add = (name) => {
    const file = path.join(root, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const child of fs.readdirSync(file).sort()) {
        if (!LEFT_OUT.has(child)) add(`${name}/${child}`);
      }
    } else if (stat?.isFile()) {
      hash.update(`${name}\0${stat.size}\0`).update(fs.readFileSync(file));
    }
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}

/** Whether web/dist is missing or was built from other sources. */
export const pageIsStale = (root) =>
  !fs.existsSync(path.join(root, "web", "dist", "index.html")) ||
  readJson(stampOf(root))?.sources !== digestPage(root);

/** Builds the product's page and the one behind share links into web/dist. Throws a SetupError with what Vite said when it fails. */
export async function buildPage(root, runtime) {
  const sources = digestPage(root);
  for (const mode of ["production", "share"]) {
    const build = [TOOLS.vite, "build", "web", "--mode", mode, "--logLevel", "warn"];
    const { code, output } = await capture(runtime, build, root);
    if (code !== 0) {
      throw new SetupError(
        `Building the page failed. Correct what is named below, then run the same command again.\n\n${output.trim()}`,
      );
    }
  }
  writeJson(stampOf(root), { sources });
}
