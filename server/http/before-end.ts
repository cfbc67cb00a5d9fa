import type { Response } from "express";

const held = new WeakSet<Response>();

/** Whether an answer is whole, though its end may not have left yet: whatever fails now comes too late for it. */
export const isAnswered = (response: Response) => held.has(response) || response.writableEnded;

/**
 * Runs `work` once before the end of an answer leaves, or when its receiver has gone before that. `work` must not
 * reject.
 */
export function beforeEnd(response: Response, work: () => Promise<void>): void {
  const { end } = response;
  let isBegun = false;
  response.end = function hold(this: Response, ...given: unknown[]) {
    if (isBegun) return this;
    isBegun = true;
    held.add(this);
    // What it says is settled: nobody changes its status while it waits.
    if (!this.headersSent) this.writeHead(this.statusCode);
    void work().then(() => {
      response.end = end;
      Reflect.apply(end, response, given);
    });
    return this;
  } as Response["end"];
  response.once("close", () => {
    if (isBegun) return;
    isBegun = true;
    void work();
  });
}
