import path from "node:path";
import { say } from "./progress.mjs";
import { runTestFile } from "./test-file.mjs";

/** Of more than these another run tells nothing and takes long. */
const MAX_REPEATED = 3;

/**
 * Runs test files, `concurrency` at a time, with their results in `temporary`, and prints each when it ends. With
 * `repeat` up to three files that failed are run once more, each alone, to tell a race or a neighbour (printed as
 * unsteady) from what always fails; the failure counts in any case. Answers the sums and the unsteady files.
 */
export async function runTestFiles(files, { runtime, env, temporary, concurrency, repeat }) {
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
      sums.passed += result.passed;
      sums.failed += result.failed;
      if (result.failed > 0) failures.push({ index, file });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  for (const { index, file } of repeat && failures.length <= MAX_REPEATED ? failures : []) {
    say(`\n${file} failed; once more, alone, to learn why:`);
    const { failed } = await run(index, file, "second");
    if (failed === 0) sums.unsteady.push(file);
  }
  for (const file of sums.unsteady) say(`UNSTEADY ${file}: failed beside others (see above), passed alone`);
  return sums;
}
