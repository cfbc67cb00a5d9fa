import type { RequestHandler } from "express";
import { AppError } from "../errors.ts";
import type { LoopLag } from "./loop-lag.ts";

const TOO_LATE_MS = 1000;
const RETRY_SECONDS = 5;

/** What says how the process is must answer then too. */
const ALWAYS = /^\/(?:health|metrics|api\/health)(?:\/|$)/;

/** While the event loop is late all the time new work is turned away, so that what was begun gets done. */
export const refuseWhenOverloaded =
  (lag: Pick<LoopLag, "milliseconds">): RequestHandler =>
  (request, _response, next) => {
    if (lag.milliseconds() > TOO_LATE_MS && !ALWAYS.test(request.path)) {
      throw new AppError("overloaded", { retryAfterSeconds: RETRY_SECONDS });
    }
    next();
  };
