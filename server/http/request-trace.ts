import type { RequestHandler } from "express";
import { type Tracer, withSpan } from "../tracing.ts";

/** What people and providers ask for; probes, scrapes and the page's files would only hide it. */
const TRACED = /^\/(api\/(?!health\b)|hooks\/|s\/)/;

/**
 * One span for each request, which continues the caller's trace where it names one. Addresses are left out, for some
 * are secrets: the declared route says enough.
 */
export const requestTrace =
  (tracer: Tracer | null): RequestHandler =>
  (request, response, next) => {
    if (!tracer || !TRACED.test(request.path)) return next();
    const { method } = request;
    const span = tracer.begin(method, {
      kind: "server",
      parent: request.get("traceparent"),
      facts: { "http.request.method": method, "photo_to_3d.request.id": response.locals.requestId },
    });
    response.once("close", () => {
      const { route, caller } = response.locals;
      const status = response.headersSent ? response.statusCode : 499;
      if (route) span.name(`${method} ${route}`);
      span.add({ "http.route": route, "http.response.status_code": status, "enduser.id": caller?.userId });
      if (status >= 500) span.fail(String(status));
      span.end();
    });
    withSpan(span, next);
  };
