import path from "node:path";
import { say } from "./progress.mjs";
import { runTestFile } from "./test-file.mjs";

/** More than these have a cause that another try would only hide. */
const MAX_RETRIED = 3;

/**
 * Runs test files, `concurrency` at a time, with their results in `temporary`, and prints each when it ends. With
 * `retry` up to three files that failed are run once more, each alone: what passes then failed for its neighbours or
 * for a race, is printed as unsteady with both outcomes, and has to be looked at, but does not fail the run.
 * Answers the sums and the unsteady files.
 */
export async function runTestFiles(files, { runtime, env, temporary, concurrency, retry }) {
  const sums = { passed: 0, failed: 0, unsteady: [] };
  const failures = [];
  const queue = files.entries();
  const run = async (index, file, name) => {
    const resultFile = path.join(temporary, `result-${name}-${index}.json`);
    const result = await runTestFile(file, { runtime, env, resultFile });
    const { passed, failed, seconds, output } = result;
    if (failed > 0) say(`\n${output.trimEnd()}`);
    const outcome =
      failed > 0 ? `FAIL ${file}: ${passed} passed, ${failed} failed` : `ok   ${file}: ${passed} passed`;
    say(`${outcome}, ${seconds.toFixed(1)} s`);
    return result;
  };
  const work = async () => {
    for (const [index, file] of queue) {
      const result = await run(index, file, "first");
      if (result.failed > 0) failures.push({ index, file, result });
      else sums.passed += result.passed;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const isRetried = retry && failures.length <= MAX_RETRIED;
  for (const { index, file, result } of failures) {
    if (isRetried) say(`\n${file} failed; once more, alone:`);
    const last = isRetried ? await run(index, file, "second") : result;
    sums.passed += last.passed;
    sums.failed += last.failed;
    if (last.failed === 0) sums.unsteady.push(file);
  }
  for (const file of sums.unsteady) say(`UNSTEADY ${file}: failed beside others (see above), passed alone`);
  return sums;
}
