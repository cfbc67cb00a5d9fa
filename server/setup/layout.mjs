import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the product, absolute. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** A problem with a cure, printed as it is and without a stack. */
export class SetupError extends Error {
  name = "SetupError";
}

/**
 * The Node that runs everything but the set-up: the one in node_modules, or, where npm could not put one
 * there, the running Node if it is 24 or newer. Null when there is neither.
 */
export function findRuntime(root = ROOT) {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const own = path.join(root, "node_modules", "node", "bin", name);
  if (fs.existsSync(own)) return own;
  return Number(process.versions.node.split(".")[0]) >= 24 && fs.existsSync(process.execPath)
    ? process.execPath
    : null;
}

/** The script of a tool in node_modules, to be run by `findRuntime()`. */
export const TOOLS = Object.freeze({
  biome: "node_modules/@biomejs/biome/bin/biome",
  knip: "node_modules/knip/bin/knip.js",
  tsc: "node_modules/typescript/bin/tsc",
  vite: "node_modules/vite/bin/vite.js",
});

/** Reads a JSON file; null when it is missing or not JSON. */
export function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** Writes JSON by rename, so that a reader never sees half of it. */
export function writeJson(file, value) {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(value));
  fs.renameSync(draft, file);
}
