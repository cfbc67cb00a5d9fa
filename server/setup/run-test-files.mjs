import path from "node:path";
import { say } from "./progress.mjs";
import { runTestFile } from "./test-file.mjs";

/** Of more than these another run tells nothing and takes long. */
const MAX_REPEATED = 3;

/**
 * Runs test files, `concurrency` at a time, with their results in `temporary`, and prints each when it ends. They
 * begin in their order, but of those that `isHeavy` at most `heavyAtOnce` run at a time. With
 * `repeat` up to three files that failed are run once more, each alone, to tell a race or a neighbour (printed as
 * unsteady) from what always fails; the failure counts in any case. Answers the sums and the unsteady files.
 */
export async function runTestFiles(files, options) {
  const { runtime, env, temporary, concurrency, repeat } = options;
  const sums = { passed: 0, failed: 0, unsteady: [] };
  const failures = [];
  const next = takeInTurn(files, options);
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
    for (let turn = next(); turn; turn = next(turn)) {
      const { index, file } = turn;
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

/**
 * Answers what gives a worker its next file: the first that is left and may begin, or undefined where none may; then
 * those who have the heavy ones take the rest. To be called with what it gave before, when that has ended.
 */
function takeInTurn(files, { isHeavy = () => false, heavyAtOnce = 1 }) {
  const left = files.map((file, index) => ({ file, index, heavy: isHeavy(file) }));
  let heavy = 0;
  return (ended) => {
    if (ended?.heavy) heavy -= 1;
    const place = left.findIndex((turn) => !turn.heavy || heavy < heavyAtOnce);
    if (place < 0) return undefined;
    const [turn] = left.splice(place, 1);
    if (turn.heavy) heavy += 1;
    return turn;
  };
}
