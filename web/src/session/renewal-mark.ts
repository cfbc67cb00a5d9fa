const MARK = "photo-to-3d.renewed/";
/** Longer than a note takes to reach the browser's other tabs. */
const HELD_MS = 30_000;

/**
 * Marks for the browser's other tabs that the sign-in was renewed `at` (milliseconds): by a lock with the time in its
 * name, which they see at once. A note in storage reaches them some time later, when they may be renewing it again.
 */
export function markRenewal(at: number): Promise<void> {
  const held = Promise.withResolvers<void>();
  if (!navigator.locks) return Promise.resolve();
  const hold = () => {
    held.resolve();
    return new Promise((resolve) => setTimeout(resolve, HELD_MS));
  };
  void navigator.locks.request(`${MARK}${at}`, { mode: "shared" }, hold);
  return held.promise;
}

/** When a tab has marked a renewal last, milliseconds; 0 where none has of late. */
export async function lastMark(): Promise<number> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const times = held.map(({ name = "" }) => (name.startsWith(MARK) ? Number(name.slice(MARK.length)) : 0));
  return Math.max(0, ...times);
}
