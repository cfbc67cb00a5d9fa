import type { RequestHandler, Response } from "express";

/** Who counts requests. */
export interface RequestObserver {
  begin(): void;
  end(request: { method: string; route: string; status: number; seconds: number | null }): void;
}

/** Everything that no declared route took: the page's files, the reference, and addresses that nobody declared. */
const OTHER = "other";

const CLIENT_LEFT = 499;

/** Remembers, for `requestMetrics`, which declared path took the request. */
export const noteRoute = (response: Response, path: string): void => {
  response.locals.route = path;
};

/** Counts and times each request by its declared route. */
export const requestMetrics =
  (observer: RequestObserver): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    observer.begin();
    response.once("close", () => {
      const isStream = String(response.getHeader("Content-Type")).startsWith("text/event-stream");
      observer.end({
        method: request.method,
        route: response.locals.route ?? OTHER,
        status: response.headersSent ? response.statusCode : CLIENT_LEFT,
        seconds: isStream ? null : (performance.now() - startedAt) / 1000,
      });
    });
    next();
  };
