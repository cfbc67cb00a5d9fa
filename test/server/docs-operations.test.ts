import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { explainUnknownHost } from "../../server/database/unknown-host.ts";
import { RULES } from "../../server/services/monitor/rules.ts";
import { ROOT } from "../support/docs/page.ts";

const read = (name: string) => fs.readFileSync(path.join(ROOT, name), "utf8");

/** What stands in code in the first cell of the rows of all tables. */
const firstCells = (page: string): string[] =>
  read(page)
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...line.split(" | ")[0].matchAll(/`([^`]+)`/g)].map(([, text]) => text));

const prometheusAlerts = [
  ...read("deploy/prometheus/photo-to-3d.rules.yml").matchAll(/^\s*- alert: (\w+)$/gm),
].map(([, name]) => name);

for (const page of ["docs/operations.md", "docs/operations.ru.md"]) {
  test(`${page} says of every alert what to do, once, and of no other`, () => {
    const alerts = [...RULES.map(({ key }) => key), ...prometheusAlerts];
    assert.ok(alerts.length > 30);
    const described = firstCells(page).filter((text) => /^(?:PhotoTo3d\w+|[a-z]+\.[a-z-]+)$/.test(text));
    assert.deepEqual(described.toSorted(), alerts.toSorted());
  });
}

/** Of PostgreSQL, its driver, its pooler and the system. */
const OTHERS_MESSAGES = [
  "getaddrinfo ENOTFOUND",
  "connect ECONNREFUSED",
  "timeout expired",
  "password authentication failed",
  'database "…" does not exist',
  "The server does not support SSL connections",
  "no pg_hba.conf entry … no encryption",
  "self-signed certificate",
  "unable to verify",
  "sorry, too many clients already",
  "remaining connection slots are reserved",
  "unsupported startup parameter",
  "prepared statement … does not exist",
];

/** The text of all files of the server, in which literals that were broken up are whole again. */
function serverText(): string {
  const files = fs.readdirSync(path.join(ROOT, "server"), { recursive: true, encoding: "utf8" });
  return files
    .filter((name) => /\.(?:ts|mjs)$/.test(name))
    .map((name) => read(path.join("server", name)))
    .join("\n")
    .replaceAll(/["`] \+\s*["`]/g, "")
    .replaceAll(/\$\{[^}]*\}/g, "…");
}

test("every message that docs/troubleshooting.md quotes is one that people get", () => {
  const text = serverText();
  const unknown = Object.assign(new Error(), { code: "ENOTFOUND" });
  const composed = ["postgres.railway.internal", "postgres"].map(
    (host) => explainUnknownHost("DATABASE_URL", host, unknown)?.message ?? "",
  );
  const isOurs = (message: string) => [text, ...composed].some((one) => one.includes(message));
  for (const page of ["docs/troubleshooting.md", "docs/troubleshooting.ru.md"]) {
    const lines = read(page).split("\n");
    const quoted = lines
      .filter((line) => /^(?:\| |- )`/.test(line))
      .flatMap((line) => [...line.split(" | ")[0].matchAll(/`([^`]+)`/g)])
      .map(([, message]) => message)
      .filter((message) => message.split(" ").length >= 4 && !/^(?:npm|curl|SELECT|GET|POST) /.test(message));
    assert.ok(quoted.length > 25, page);
    assert.deepEqual(
      quoted.filter((message) => !isOurs(message) && !OTHERS_MESSAGES.includes(message)),
      [],
      page,
    );
  }
});
