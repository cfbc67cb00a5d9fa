import type { Response } from "express";

/**
 * Runs `work` once before the end of an answer leaves, or when its receiver has gone before that. `work` must not
 * reject.
 */
export function beforeEnd(response: Response, work: () => Promise<void>): void {
  const { end } = response;
  let isBegun = false;
  response.end = function held(this: Response, ...given: unknown[]) {
    if (!isBegun) {
      isBegun = true;
      void work().then(() => {
        response.end = end;
        Reflect.apply(end, response, given);
      });
    }
    return this;
  } as Response["end"];
  response.once("close", () => {
    if (isBegun) return;
    isBegun = true;
    void work();
  });
}
