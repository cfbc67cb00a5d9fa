/** Checks by name; each throws when its part is not usable. */
export type ReadinessChecks = Record<string, () => Promise<void>>;

export interface Readiness {
  /** Whether requests should come to this process. */
  isReady: boolean;
  /** Whether each part is usable at this moment. */
  parts: Record<string, boolean>;
}

const CHECK_MS = 3000;
/** Asked by anyone and as often as they like, so the answer is kept for a moment. */
const RECENT_MS = 1000;
/**
 * A part that was usable may be gone for so long: what all replicas use, such as the database, must not take all of
 * them out of the balancer at once for a moment's pause.
 */
export const PATIENCE_MS = 10_000;

/** False where it throws or takes too long. */
export const isUsable = (check: () => Promise<void>): Promise<boolean> => {
  const limit = Promise.withResolvers<false>();
  const timer = setTimeout(limit.resolve, CHECK_MS, false);
  return Promise.race([check().then(() => true), limit.promise])
    .catch(() => false)
    .finally(() => clearTimeout(timer));
};

/** Whether the process can serve. `now` in milliseconds, not the wall clock: that may be set back. */
export function createReadiness(checks: ReadinessChecks, now = () => performance.now()) {
  /** When each part was asked that turned out to be usable. */
  const usableAt = new Map<string, number>();
  const failingSince = new Map<string, number>();
  let last: { at: number; answer: Promise<Readiness> } | null = null;

  async function ask(askedAt: number): Promise<Readiness> {
    const found = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await isUsable(check)] as const),
    );
    // An answer that took long says nothing against one that was asked for later.
    const isOutdated = (name: string) => (usableAt.get(name) ?? askedAt) > askedAt;
    for (const [name, passed] of found) {
      if (passed) {
        usableAt.set(name, Math.max(askedAt, usableAt.get(name) ?? askedAt));
        failingSince.delete(name);
      } else if (!failingSince.has(name) && !isOutdated(name)) failingSince.set(name, askedAt);
    }
    const isBorne = (name: string) =>
      usableAt.has(name) && now() - (failingSince.get(name) ?? now()) < PATIENCE_MS;
    const isReady = found.every(([name, passed]) => passed || isBorne(name));
    return { isReady, parts: Object.fromEntries(found) };
  }

  return (): Promise<Readiness> => {
    const at = now();
    if (!last || at - last.at > RECENT_MS) last = { at, answer: ask(at) };
    return last.answer;
  };
}
