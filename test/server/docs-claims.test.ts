import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import {
  checkEndpoints,
  checkLinks,
  checkPaths,
  checkScripts,
  checkVariables,
} from "../support/docs/claims.ts";
import { anchorsOf, ROOT, readPage, takeApart } from "../support/docs/page.ts";
import { checkTwin } from "../support/docs/twin.ts";

const DOCS = fs
  .readdirSync(path.join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const PAGES = [
  "README.md",
  "README.ru.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "bench/README.md",
  "test/fixtures/README.md",
  ...DOCS,
];
/** What it names may be of the past. */
const HISTORY = "CHANGELOG.md";
/** For operators who read code, and a table that a test writes. */
const ENGLISH_ONLY = ["access", "local-generator", "telemetry"].map((name) => `docs/${name}.md`);

const CHECKS = {
  "names npm scripts that exist": checkScripts,
  "names files and folders that exist": checkPaths,
  "names variables that exist": checkVariables,
  "names endpoints that exist": checkEndpoints,
  "links to what exists": checkLinks,
};

for (const [what, check] of Object.entries(CHECKS)) {
  test(`every page ${what}`, () => {
    const pages = check === checkLinks ? [...PAGES, HISTORY] : PAGES;
    assert.deepEqual(pages.map(readPage).flatMap(check), []);
  });
}

test("every page has a Russian twin with the same headings, tables and code, but those in English only", () => {
  const english = DOCS.filter((name) => !name.endsWith(".ru.md"));
  const twinOf = (name: string) => name.replace(/\.md$/, ".ru.md");
  assert.deepEqual(
    english.filter((name) => !DOCS.includes(twinOf(name))),
    ENGLISH_ONLY,
  );
  assert.deepEqual(
    DOCS.filter((name) => name.endsWith(".ru.md")).map((name) => name.replace(/\.ru\.md$/, ".md")),
    english.filter((name) => !ENGLISH_ONLY.includes(name)),
  );
  const pairs = ["README.md", ...english.filter((name) => !ENGLISH_ONLY.includes(name))];
  assert.deepEqual(
    pairs.flatMap((name) => checkTwin(readPage(name), readPage(twinOf(name)))),
    [],
  );
});

const FALSE_CLAIMS = `# Page
Call \`npm run fly\`, see \`server/nowhere.ts\` and \`compose.none.yml\`, set \`DATABASE_URI\` or \`S3X_*\`.
Ask \`GET /api/v1/modelz\` or \`POST /health/live\` or \`/api/v1/models/ID/files\`; see [there](nowhere.md), [here](#not-here)
and [settings](configuration.md#no-such-topic).

\`\`\`sh
curl -X DELETE "$SERVER/api/v1/models"
npm run jump && cat deploy/nothing.conf
POSTGRES_PASWORD=x node server/index.ts
\`\`\`
`;

test("what is wrong is found, with file and line", () => {
  const page = takeApart("docs/page.md", FALSE_CLAIMS);
  assert.deepEqual(checkScripts(page), [
    "docs/page.md:2: there is no npm run fly",
    "docs/page.md:8: there is no npm run jump",
  ]);
  assert.deepEqual(checkPaths(page), [
    "docs/page.md:2: there is no server/nowhere.ts",
    "docs/page.md:2: there is no compose.none.yml",
    "docs/page.md:8: there is no deploy/nothing.conf",
  ]);
  assert.deepEqual(checkVariables(page), [
    "docs/page.md:2: DATABASE_URI is neither a setting nor a known variable",
    "docs/page.md:2: S3X_ is neither a setting nor a known variable",
    "docs/page.md:9: POSTGRES_PASWORD is neither a setting nor a known variable",
  ]);
  assert.deepEqual(checkEndpoints(page), [
    "docs/page.md:3: there is no GET /api/v1/modelz",
    "docs/page.md:3: there is no POST /health/live",
    "docs/page.md:3: there is no /api/v1/models/ID/files",
    "docs/page.md:7: there is no DELETE /api/v1/models",
  ]);
  assert.deepEqual(checkLinks(page), [
    "docs/page.md:3: nowhere.md: no such file",
    "docs/page.md:3: #not-here: no such heading",
    "docs/page.md:4: configuration.md#no-such-topic: no such heading",
  ]);
});

test("a twin that differs is found", () => {
  const english = takeApart("a.md", "# A\n## B\n| x |\n|---|\n```sh\nls # all\n```\n");
  const same = takeApart("a.ru.md", "# А\n## Б\n| х |\n|---|\n```sh\nls # всё\n```\n");
  assert.deepEqual(checkTwin(english, same), []);
  const other = takeApart("a.ru.md", "# А\n| х |\n|---|\n| у |\n```sh\nls -l\n```\n");
  assert.deepEqual(checkTwin(english, other), [
    "a.ru.md:1: headings 1 instead of 1 2",
    "a.ru.md:1: tables with 3 rows instead of 2",
    "a.ru.md:6: another block than at a.md:6",
  ]);
});

test("anchors are GitHub's", () => {
  const page = takeApart("a.md", "# What `NAME_FILE` is, and why\n## Настройки: S3\n## Same\n## Same\n");
  assert.deepEqual([...anchorsOf(page)], ["what-name_file-is-and-why", "настройки-s3", "same", "same-1"]);
});
