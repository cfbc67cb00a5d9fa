const FRESH_MS = 60_000;
const FAILURE_FRESH_MS = 10_000;
const MOST = 1000;

interface Kept {
  at: number;
  balance: Promise<number | null>;
  hasFailed: boolean;
}

/** Balances of users' own accounts, by account: asked for once a minute at most, after a failure in ten seconds. */
export function createOwnBalances() {
  const kept = new Map<string, Kept>();

  const isFresh = ({ at, hasFailed }: Kept) =>
    performance.now() - at < (hasFailed ? FAILURE_FRESH_MS : FRESH_MS);

  return {
    /** The kept balance of an account, else what `ask` answers; callers at the same time share one question. */
    read(account: string, ask: () => Promise<number | null>): Promise<number | null> {
      const known = kept.get(account);
      if (known && isFresh(known)) return known.balance;
      kept.delete(account);
      // The oldest goes first: a map keeps the order of insertion.
      for (const oldest of kept.keys()) {
        if (kept.size < MOST) break;
        kept.delete(oldest);
      }
      const entry: Kept = { at: performance.now(), balance: ask(), hasFailed: false };
      entry.balance.catch(() => {
        entry.hasFailed = true;
      });
      kept.set(account, entry);
      return entry.balance;
    },
  };
}
