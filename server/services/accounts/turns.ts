import { AppError } from "../../errors.ts";

/** Runs work, a bounded number at a time. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** @throws AppError from the turns: `overloaded`, where `waiting` others wait already. */
export function createTurns({ atOnce, waiting }: { atOnce: number; waiting: number }): Turns {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running < atOnce) running++;
    else if (queue.length >= waiting) throw new AppError("overloaded", { retryAfterSeconds: 2 });
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
