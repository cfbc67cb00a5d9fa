import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 300_000;
const STRIKING_MS = 60_000;

/**
 * Waits until `isSo`; rejects with `what` was waited for when that takes longer than any busy machine needs, and says
 * so as soon as it takes strikingly long.
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { patienceMs = PATIENCE_MS } = {},
): Promise<void> {
  const striking = setTimeout(
    () => console.warn(`Warning: a minute went by before this: ${what}`),
    STRIKING_MS,
  );
  try {
    for (const deadline = performance.now() + patienceMs; !(await isSo()); await sleep(20)) {
      if (performance.now() > deadline) throw new Error(`It did not come to this: ${what}`);
    }
  } finally {
    clearTimeout(striking);
  }
}
