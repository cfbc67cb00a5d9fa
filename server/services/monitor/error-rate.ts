export interface Counts {
  all: number;
  failed: number;
}

/** Fewer than these say nothing: one failure of three is no rate. */
const LEAST = { all: 20, failed: 3 };
const WINDOW_MS = 300_000;

/** Per cent; 0 where there is too little to tell. */
export const errorPercent = ({ all, failed }: Counts): number =>
  all < LEAST.all || failed < LEAST.failed ? 0 : (100 * failed) / all;

/** How much of what counters of this process count has failed within the last five minutes. `now` in milliseconds. */
export function createErrorWindow(now: () => number) {
  let marks: (Counts & { at: number })[] = [];
  return {
    /** `totals` is since the start of the process. */
    percent(totals: Counts): number {
      const at = now();
      // The last one before the window is its beginning.
      const first = marks.findLastIndex((mark) => mark.at <= at - WINDOW_MS);
      marks = [...marks.slice(Math.max(0, first)), { ...totals, at }];
      const [start] = marks;
      return errorPercent({ all: totals.all - start.all, failed: totals.failed - start.failed });
    },
  };
}
