import { monitorEventLoopDelay } from "node:perf_hooks";

/** How late the event loop does what is due. */
export interface LoopLag {
  /** 90th percentile, in milliseconds: the lower one of the last two windows of some seconds. */
  milliseconds(): number;
  dispose(): void;
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 3000;
/** The 99th would be the longest of the hundred looks in a window: one stall, as at the start, would count. */
const PERCENTILE = 90;

/** Some long steps don't count; a loop that is late most of the time does. */
export function watchLoopLag(): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last = 0;
  let beforeLast = 0;
  const timer = setInterval(() => {
    beforeLast = last;
    last = histogram.percentile(PERCENTILE) / 1e6;
    histogram.reset();
  }, WINDOW_MS);
  timer.unref();
  return {
    milliseconds: () => Math.min(last, beforeLast),
    dispose() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
