import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

interface Entry {
  version?: string;
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const ROOT = path.resolve(import.meta.dirname, "../..");
const packages: Record<string, Entry> = JSON.parse(
  fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8"),
).packages;

/** Whether the package at `place` would find `name` in its own or an outer node_modules. */
function isLocked(place: string, name: string): boolean {
  for (let outer = place; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf("/node_modules/")))) {
    if (packages[`${outer ? `${outer}/` : ""}node_modules/${name}`]) return true;
    if (outer === "") return false;
  }
}

test("the lock file holds every dependency, for other platforms too: `npm ci` refuses one that doesn't", () => {
  const missing = Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isLocked(place, name))
      .map((name) => `${name}, wanted by ${place || "package.json"}`),
  );
  assert.deepEqual(missing, []);
});

test("the lock file has a version for every package and names no host", () => {
  for (const [place, entry] of Object.entries(packages)) {
    assert.match(entry.version ?? "", /^\d+\.\d+\.\d+/, place);
    assert.equal(entry.resolved, undefined, place);
  }
});
