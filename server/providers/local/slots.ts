export interface Slots {
  /** Waits for a free slot and returns what gives it back. Throws the reason of `signal`. */
  take(signal: AbortSignal): Promise<() => void>;
}

/** Lets at most `count` holders in at once, in the order in which they came. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const giveBack = () => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free--;
        return giveBack;
      }
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      const leave = () => {
        const place = waiting.indexOf(turn.resolve);
        if (place < 0) return;
        waiting.splice(place, 1);
        turn.reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      try {
        await turn.promise;
      } finally {
        signal.removeEventListener("abort", leave);
      }
      return giveBack;
    },
  };
}
