import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (name: string) => fs.readFileSync(path.join(ROOT, name), "utf8");

/** Cells of every table row of a Markdown text. */
const tableRows = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]);

test("CONTRIBUTING.md gives a reason for every dependency, and names no other", () => {
  const manifest = JSON.parse(read("package.json"));
  const dependencies = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  });
  const section = read("CONTRIBUTING.md").split("## What we use and why")[1];
  const explained = tableRows(section).flatMap(([names, reason]) =>
    reason.length > 10 ? quoted(names) : [],
  );
  assert.deepEqual(explained.toSorted(), dependencies.toSorted());
});

test("every npm script is in CONTRIBUTING.md", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const commands = (text: string) =>
    [...text.matchAll(/`npm (?:run ([\w:-]+)|(start|test))(?= |`)/g)].map((match) => match[1] ?? match[2]);
  const explained = new Set(tableRows(read("CONTRIBUTING.md")).flatMap(([cell]) => commands(cell)));
  assert.deepEqual([...explained].toSorted(), scripts.toSorted());
});

test("the fixtures' page names source and licence of every photo", () => {
  const photos = fs.readdirSync(path.join(ROOT, "test/fixtures/photos"));
  const rows = tableRows(read("test/fixtures/README.md")).filter(([file]) => file.startsWith("`"));
  assert.deepEqual(rows.map(([file]) => quoted(file)[0]).toSorted(), photos.toSorted());
  for (const [file, kind, , source, licence] of rows) {
    assert.ok(kind && source, file);
    assert.match(licence, /CC0|CC BY|GPL|public domain/, file);
  }
  const sizes = photos.map((name) => fs.statSync(path.join(ROOT, "test/fixtures/photos", name)).size);
  assert.ok(Math.max(...sizes) <= 200_000);
});
