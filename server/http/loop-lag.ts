import { monitorEventLoopDelay } from "node:perf_hooks";

/** How late the event loop does what is due. */
export interface LoopLag {
  /** 99th percentile of the last seconds, in milliseconds. */
  milliseconds(): number;
  dispose(): void;
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 3000;

/** One long step in a while doesn't count; a loop that is late all the time does. */
export function watchLoopLag(): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last = 0;
  const timer = setInterval(() => {
    last = histogram.percentile(99) / 1e6;
    histogram.reset();
  }, WINDOW_MS);
  timer.unref();
  return {
    milliseconds: () => last,
    dispose() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
