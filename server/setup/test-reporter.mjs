import fs from "node:fs";
import path from "node:path";
import { inspect } from "node:util";

/**
 * Reporter for node:test: a short line per passing file, failing tests in full, and the counts as JSON in the
 * file that the setting TEST_RESULT names. A test is a leaf: suites and files are not counted, unless a file
 * fails by itself.
 */
export default async function* report(source) {
  const files = new Map();
  const failures = [];
  const skipped = [];
  let passed = 0;
  for await (const { type, data } of source) {
    const file = relative(data.file);
    if (type === "test:pass" && isLeaf(data)) {
      if (data.skip !== undefined || data.todo !== undefined) skipped.push(`${file}: ${data.name}`);
      else passed += 1;
      count(files, file, "passed");
    } else if (type === "test:fail" && (isLeaf(data) || isOwnFailure(data))) {
      failures.push({ file, name: data.name, error: data.details?.error });
      count(files, file, "failed");
      yield failureText(failures.at(-1));
    } else if (type === "test:stderr" || type === "test:stdout") {
      yield data.message;
    } else if (type === "test:summary" && data.file) {
      const { passed: good = 0, failed: bad = 0 } = files.get(file) ?? {};
      const seconds = (data.duration_ms / 1000).toFixed(1);
      yield `${bad > 0 ? "FAIL" : "ok  "} ${file}: ${good} passed${bad > 0 ? `, ${bad} failed` : ""}, ${seconds} s\n`;
    }
  }
  if (skipped.length > 0)
    yield `\nNot run (marked skip or todo), counted as failed:\n  ${skipped.join("\n  ")}\n`;
  if (failures.length > 0) {
    yield `\nFailed:\n${failures.map(({ file, name }) => `  ${file}: ${name}\n`).join("")}`;
  }
  const result = { passed, failed: failures.length + skipped.length };
  if (process.env.TEST_RESULT) fs.writeFileSync(process.env.TEST_RESULT, JSON.stringify(result));
}

const relative = (file) => (file ? path.relative(process.cwd(), file).replaceAll("\\", "/") : "");

const isSuite = (data) => data.details?.type === "suite";
const isFile = (data) =>
  data.nesting === 0 && data.file !== undefined && path.resolve(data.name) === data.file;
const isLeaf = (data) => !isSuite(data) && !isFile(data);

/** A file or a suite that fails although none of its tests did: it did not load, hung, or a hook threw. */
const isOwnFailure = (data) => data.details?.error?.failureType !== "subtestsFailed";

function count(files, file, outcome) {
  const counts = files.get(file) ?? { passed: 0, failed: 0 };
  counts[outcome] += 1;
  files.set(file, counts);
}

function failureText({ file, name, error }) {
  const cause = error?.cause ?? error;
  const text = typeof cause === "string" ? cause : inspect(cause, { depth: 6 });
  return `\nFAIL ${file}: ${name}\n${text.replace(/^/gm, "  ")}\n\n`;
}
