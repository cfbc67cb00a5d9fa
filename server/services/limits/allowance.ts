import type { Counter, LimitRule } from "./counters.ts";

/** How a key stands with a rule, after what it has just taken. */
export interface Standing {
  rule: LimitRule;
  remaining: number;
  /** Until the window ends. */
  seconds: number;
  isOver: boolean;
}

/** What this process has fetched of a key's points and not yet given out. */
interface Share {
  left: number;
  /** Points that nobody had fetched at that time. */
  unfetched: number;
  endsAt: number;
}

export interface Allowance {
  take(key: string): Promise<Standing>;
  /** How it stands where it is known here that nothing is left, else null. Asks nobody. */
  spent(key: string): Standing | null;
}

/** Of a rule's points one process fetches this part at a time, at most 50: so most requests ask no database. */
const PORTION = 1 / 20;
const MAX_PORTION = 50;

/** Keys that are remembered; each costs some 200 bytes. */
const MAX_SHARES = 50_000;

/**
 * Gives out the points of a rule. One process gives out exactly so many; of several each may hold a portion that the
 * others don't get, so that together they give out up to a twentieth less for each.
 */
export function createAllowance(counter: Counter, rule: LimitRule): Allowance {
  const portion = Math.max(1, Math.min(MAX_PORTION, Math.floor(rule.points * PORTION)));
  const shares = new Map<string, Share>();
  const fetching = new Map<string, Promise<void>>();

  const shareOf = (key: string): Share | undefined => {
    const share = shares.get(key);
    if (share && share.endsAt > performance.now()) return share;
    shares.delete(key);
    return undefined;
  };

  async function fetchMore(key: string): Promise<void> {
    const { count, seconds } = await counter.add(key, portion);
    const granted = Math.max(0, portion - Math.max(0, count - rule.points));
    if (shares.size >= MAX_SHARES) forgetOldest(shares);
    shares.set(key, {
      left: granted,
      unfetched: Math.max(0, rule.points - count),
      endsAt: performance.now() + Math.max(seconds, 0.05) * 1000,
    });
  }

  const standing = ({ left, unfetched, endsAt }: Share, isOver: boolean): Standing => ({
    rule,
    remaining: left + unfetched,
    seconds: Math.max(1, Math.ceil((endsAt - performance.now()) / 1000)),
    isOver,
  });

  return {
    async take(key) {
      for (;;) {
        const share = shareOf(key);
        if (share && share.left > 0) {
          share.left--;
          return standing(share, false);
        }
        if (share && share.unfetched === 0) return standing(share, true);
        if (!fetching.has(key)) {
          fetching.set(
            key,
            fetchMore(key).finally(() => fetching.delete(key)),
          );
        }
        await fetching.get(key);
      }
    },
    spent(key) {
      const share = shareOf(key);
      return share && share.left === 0 && share.unfetched === 0 ? standing(share, true) : null;
    },
  };
}

/** The first half in the order of their coming. */
function forgetOldest(shares: Map<string, Share>): void {
  let surplus = shares.size / 2;
  for (const key of shares.keys()) {
    if (surplus-- <= 0) return;
    shares.delete(key);
  }
}
