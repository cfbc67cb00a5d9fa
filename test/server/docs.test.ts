import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (name: string) => fs.readFileSync(path.join(ROOT, name), "utf8");
const PAGES = ["README.md", "README.ru.md", "CONTRIBUTING.md", "CHANGELOG.md", "test/fixtures/README.md"];

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

test("every npm script is in CONTRIBUTING.md, and every npm command in the documents exists", () => {
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const commands = (text: string) =>
    [...text.matchAll(/`npm (?:run ([\w:-]+)|(start|test))(?= |`)/g)].map((match) => match[1] ?? match[2]);
  const explained = new Set(tableRows(read("CONTRIBUTING.md")).flatMap(([cell]) => commands(cell)));
  assert.deepEqual([...explained].toSorted(), scripts.toSorted());
  for (const page of PAGES) {
    for (const name of commands(read(page))) assert.ok(scripts.includes(name), `${page}: npm run ${name}`);
  }
});

test("links between the documents lead to files", () => {
  for (const page of PAGES) {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      const file = path.resolve(ROOT, path.dirname(page), target);
      assert.ok(fs.existsSync(file), `${page} links to ${target}, which does not exist`);
    }
  }
});

test("both read-mes show the same commands", () => {
  const requests = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("curl "))
      .map((line) => line.replace(/name=\S+/, "name=…"));
  assert.equal(requests(read("README.md")).length, 5);
  assert.deepEqual(requests(read("README.ru.md")), requests(read("README.md")));
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
