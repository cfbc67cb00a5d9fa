import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const SERVER = path.resolve(import.meta.dirname, "../../server");

test("every advisory lock of the database has a number of its own", () => {
  const owners = new Map<string, string[]>();
  for (const name of fs.readdirSync(SERVER, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    for (const [number] of fs
      .readFileSync(path.join(SERVER, name), "utf8")
      .matchAll(/\b7_310_309_\d{3}\b/g)) {
      owners.set(number, [...(owners.get(number) ?? []), name]);
    }
  }
  assert.ok(owners.size >= 8, `only ${owners.size} were found`);
  for (const [number, names] of owners) assert.equal(names.length, 1, `${number}: ${names.join(", ")}`);
});
