import type { RequestHandler } from "express";
import { v7 as newId } from "uuid";
import { inStory, type Logger } from "../logger.ts";

const ACCEPTABLE_ID = /^[\w.-]{8,128}$/;

/** Gives every request its id (an incoming valid one is kept), and every log line of it that id. */
export const requestContext: RequestHandler = (request, response, next) => {
  const given = request.get("x-request-id");
  const requestId = given && ACCEPTABLE_ID.test(given) ? given : newId();
  response.locals.requestId = requestId;
  response.set("X-Request-Id", requestId);
  inStory({ requestId }, next);
};

/** One line for each request when its answer has ended: `debug` for files and probes, `info` for the API. */
export const requestLog =
  (logger: Logger): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    const { requestId } = response.locals;
    // Read now: inside a mounted router the path loses its beginning, by which the log knows what to hide.
    const { path } = request;
    response.once("close", () => {
      const level = path.startsWith("/api/v1") ? "info" : "debug";
      logger[level](`${request.method} ${path}`, {
        requestId,
        userId: response.locals.caller?.userId,
        status: response.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
        ...(!response.writableFinished && { aborted: true }),
      });
    });
    next();
  };
