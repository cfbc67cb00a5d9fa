import type { ErrorRequestHandler, Request, Response } from "express";
import { isDatabaseAway } from "../database/database-away.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { isDiskFull } from "../system-errors.ts";
import { isAnswered } from "./before-end.ts";
import { localeOf } from "./locale.ts";
import { presentProblem } from "./problem.ts";

/** Low-level errors that mean something to a client. Everything else is a bug: a bland 500, details in the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseAway(error))
    return new AppError("database-unavailable", { cause: error, retryAfterSeconds: 5 });
  const { type, status } = error as { type?: string; status?: number };
  if (isDiskFull(error)) return new AppError("disk-full", { cause: error });
  if (type === "entity.too.large") return new AppError("request-too-large", { cause: error });
  if (type === "entity.parse.failed") return new AppError("malformed-json", { cause: error });
  if (status && status >= 400 && status < 500) {
    const message = error instanceof Error ? error.message : "";
    return new AppError("invalid-request", { errors: [{ path: "", message }], cause: error });
  }
  return new AppError("internal", { cause: error });
}

/** Headers of an answer that was begun and did not come about. */
const SUCCESS_HEADERS = [
  "ETag",
  "Last-Modified",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Length",
  "Accept-Ranges",
];

type ErrorPresenter = (error: AppError, request: Request, response: Response) => void;

/** RFC 9457 problem details. */
export const sendProblem: ErrorPresenter = (error, request, response) =>
  void response
    .type("application/problem+json")
    .send(JSON.stringify(presentProblem(error, localeOf(request), response.locals.requestId)));

/** The one place where errors become answers; `present` sends the body, the rest is set by then. */
export const errorMapper =
  (logger: Logger, present = sendProblem): ErrorRequestHandler =>
  (thrown, request, response, _next) => {
    const error = toAppError(thrown);
    if (error.code === "internal") logger.error("A request met a bug", { error: thrown });
    else if (error.entry.report) logger.warn("A request failed", { code: error.code, error: error.cause });
    if (isAnswered(response)) return;
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    for (const name of SUCCESS_HEADERS) response.removeHeader(name);
    if (error.retryAfterSeconds) response.set("Retry-After", String(error.retryAfterSeconds));
    else if (error.entry.status === 503) response.set("Retry-After", "5");
    response.status(error.entry.status).set("Cache-Control", "no-store");
    present(error, request, response);
  };
