import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../logger.ts";
import type { SystemState } from "../system/system-state.ts";
import type { Monitor } from "./monitor.ts";

interface Deps {
  monitor: Pick<Monitor, "look" | "release">;
  switches: Pick<SystemState, "get" | "watch">;
  intervalSeconds: number;
  logger: Pick<Logger, "error">;
  /** Of the first look, from now; the start of a server has better to do. */
  firstAfterSeconds?: number;
}

const FIRST_AFTER_SECONDS = 5;

/** Lets the monitor look again and again while the switch of all replicas is on. `dispose` waits for the last look. */
export function startMonitorLoop({
  monitor,
  switches,
  intervalSeconds,
  logger,
  firstAfterSeconds = Math.min(FIRST_AFTER_SECONDS, intervalSeconds),
}: Deps) {
  const stop = new AbortController();
  const isOn = () => switches.get("monitor").running;
  let wake = new AbortController();
  let wasOn = isOn();
  const unwatch = switches.watch(() => {
    if (isOn() === wasOn) return;
    wasOn = isOn();
    wake.abort();
  });

  const rest = (seconds: number) => {
    wake = new AbortController();
    const signal = AbortSignal.any([stop.signal, wake.signal]);
    return sleep(seconds * 1000, undefined, { signal, ref: false }).catch(() => undefined);
  };

  const run = async () => {
    await rest(firstAfterSeconds);
    while (!stop.signal.aborted) {
      const startedAt = performance.now();
      const on = isOn();
      try {
        await (on ? monitor.look() : monitor.release());
      } catch (error) {
        logger.error("A look of the monitor failed", { error });
      }
      if (stop.signal.aborted) break;
      // Switched during the look.
      if (isOn() !== on) continue;
      const passed = (performance.now() - startedAt) / 1000;
      await rest(Math.max(1, intervalSeconds - passed));
    }
    await monitor.release();
  };
  const running = run();

  return {
    async dispose(): Promise<void> {
      unwatch();
      stop.abort();
      await running;
    },
  };
}
