import assert from "node:assert/strict";
import { it } from "node:test";
import type { Logger } from "../../server/logger.ts";
import { startMonitorLoop } from "../../server/services/monitor/loop.ts";
import type { SystemState } from "../../server/services/system/system-state.ts";

/** The switch of the monitor, and what the loop does with it; each call waits until the test has taken note. */
function bench(running: boolean) {
  const listeners = new Set<() => void>();
  const deeds: string[] = [];
  let heard = Promise.withResolvers<void>();
  const note = (deed: string) => {
    deeds.push(deed);
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const switches = {
    get: () => ({ running }),
    watch(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Pick<SystemState, "get" | "watch">;
  return {
    deeds,
    listeners,
    switches,
    note,
    set(next: boolean) {
      running = next;
      for (const listener of listeners) listener();
    },
    async until(count: number) {
      while (deeds.length < count) await heard.promise;
    },
  };
}

const logsTo = (errors: unknown[]) =>
  ({ error: (message: string) => void errors.push(message) }) as unknown as Logger;

it("looks while it is switched on, rests while it is off, and wakes at once", async () => {
  const { deeds, listeners, switches, note, set, until } = bench(true);
  const loop = startMonitorLoop({
    monitor: {
      async look() {
        note("look");
        return "looked";
      },
      release: async () => note("release"),
    },
    switches,
    // Only the switch wakes it within the time of a test.
    intervalSeconds: 3600,
    firstAfterSeconds: 0,
    logger: logsTo([]),
  });
  await until(1);
  set(true);
  set(false);
  await until(2);
  set(true);
  await until(3);
  await loop.dispose();
  assert.deepEqual(deeds, ["look", "release", "look", "release"]);
  assert.equal(listeners.size, 0);
});

it("goes on after a look that failed", async () => {
  const { deeds, switches, note, set, until } = bench(true);
  const errors: unknown[] = [];
  const loop = startMonitorLoop({
    monitor: {
      async look() {
        note("look");
        throw new Error("a bug");
      },
      release: async () => note("release"),
    },
    switches,
    intervalSeconds: 3600,
    firstAfterSeconds: 0,
    logger: logsTo(errors),
  });
  await until(1);
  set(false);
  await until(2);
  set(true);
  await until(3);
  await loop.dispose();
  assert.deepEqual(deeds, ["look", "release", "look", "release"]);
  assert.equal(errors.length, 2);
});

it("waits at its end for the look that is under way", async () => {
  const { deeds, switches, note, until } = bench(true);
  const held = Promise.withResolvers<"looked">();
  const loop = startMonitorLoop({
    monitor: {
      async look() {
        note("begins");
        const outcome = await held.promise;
        note("ends");
        return outcome;
      },
      release: async () => note("release"),
    },
    switches,
    intervalSeconds: 3600,
    firstAfterSeconds: 0,
    logger: logsTo([]),
  });
  await until(1);
  const ended = loop.dispose();
  held.resolve("looked");
  await ended;
  assert.deepEqual(deeds, ["begins", "ends", "release"]);
});
