import fs from "node:fs";
import { inspect } from "node:util";

/**
 * Reporter of one test file for node:test: prints failing tests in full and keeps the counts, as JSON, in the
 * file that the setting TEST_RESULT names, up to date, so that they survive a crash: `{ passed, failed, open,
 * complete }`, where `open` are the names of tests that began and have not ended. Counted are tests, not suites;
 * a suite only when it fails by itself (a hook threw). A test marked skip or todo counts as failed.
 */
export default async function* report(source) {
  const open = [];
  const result = { passed: 0, failed: 0, open, complete: false };
  const { TEST_RESULT: file } = process.env;
  const keep = () => fs.writeFileSync(file, JSON.stringify(result));
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr") {
      yield data.message;
    } else if (type === "test:dequeue") {
      open.push(data.name);
      keep();
    } else if (type === "test:complete" && open.includes(data.name)) {
      open.splice(open.lastIndexOf(data.name), 1);
    } else if (type === "test:pass" && data.details.type !== "suite") {
      const left = data.skip !== undefined || data.todo !== undefined;
      result[left ? "failed" : "passed"] += 1;
      if (left) yield `FAIL ${data.name}\n  It is marked skip or todo, so it was not run.\n\n`;
      keep();
    } else if (type === "test:fail" && data.details.error.failureType !== "subtestsFailed") {
      result.failed += 1;
      yield failureText(data.name, data.details.error);
      keep();
    } else if (type === "test:diagnostic" && /^(Error|Warning):/.test(data.message)) {
      // What went wrong after the test that caused it had ended.
      yield `${data.message}\n`;
    }
  }
  result.complete = true;
  keep();
}

function failureText(name, error) {
  const cause = error.cause ?? error;
  const text = typeof cause === "string" ? cause : inspect(cause, { depth: 6 });
  return `FAIL ${name}\n${text.replace(/^(?=.)/gm, "  ")}\n\n`;
}
