import path from "node:path";
import { explainFileFailure } from "./failures.mjs";
import { install, reasonToInstall } from "./install.mjs";
import { findRuntime, ROOT, SetupError } from "./layout.mjs";
import { withLock } from "./lock.mjs";
import { buildPage, pageIsStale } from "./page.mjs";
import { say, step } from "./progress.mjs";

/**
 * Brings the folder into a state from which the product can start: dependencies, and with `page` the built page.
 * Does nothing, and says nothing, when all is there. Two set-ups in one folder wait for each other.
 * Answers the path of the Node to run with. Throws a SetupError that says what to do.
 */
export async function setUp({ page, root = ROOT }) {
  const isReady = () => !reasonToInstall(root) && !(page && pageIsStale(root));
  try {
    if (!isReady()) {
      const lock = path.join(root, ".tmp", "setup.lock");
      const onWait = (pid) =>
        say(`Another set-up (process ${pid}) is at work in this folder; waiting for it.`);
      await withLock(lock, onWait, () => bringUp(root, page));
    }
  } catch (error) {
    throw explainFileFailure(error);
  }
  return findRuntime(root);
}

async function bringUp(root, page) {
  const reason = reasonToInstall(root);
  if (reason) {
    say(`The dependencies are installed now, because ${reason}. The first time takes about a minute.`);
    await step("Installing dependencies", (update) => install(root, update));
  }
  if (page && pageIsStale(root)) await step("Building the page", () => buildPage(root, findRuntime(root)));
}

/** Runs a script's main function: its number becomes the exit code, a SetupError is printed without a stack. */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`\n${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}
