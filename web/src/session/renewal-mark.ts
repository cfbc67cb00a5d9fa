const MARK = "photo-to-3d.renewed/";
/** Longer than a note takes to reach the browser's other tabs. */
const HELD_MS = 30_000;

/**
 * Marks for the browser's other tabs that the sign-in was renewed `at` (milliseconds): by a lock with the time in its
 * name, which they see at once. A note in storage reaches them some time later, when they may be renewing it again.
 * @returns once it is marked, or cannot be: a browser may refuse locks with the page's storage
 */
export function markRenewal(at: number): Promise<void> {
  const held = Promise.withResolvers<void>();
  if (!navigator.locks) return Promise.resolve();
  const hold = () => {
    held.resolve();
    return new Promise((resolve) => setTimeout(resolve, HELD_MS));
  };
  navigator.locks.request(`${MARK}${at}`, { mode: "shared" }, hold).catch(() => held.resolve());
  return held.promise;
}

/** When a tab has marked a renewal last, milliseconds; 0 where none has of late, or it cannot be known. */
export async function lastMark(): Promise<number> {
  const { held = [] } = (await navigator.locks?.query().catch(() => null)) ?? {};
  const times = held.map(({ name = "" }) => (name.startsWith(MARK) ? Number(name.slice(MARK.length)) : 0));
  return Math.max(0, ...times);
}
