import type { RequestHandler } from "express";

/** `1`: who passes this request on can ask another replica. Only a proxy says so (deploy/nginx/photo-to-3d/proxy.conf). */
const HAS_OTHERS = "X-Next-Upstream";
/** No route answers it, so that a proxy can take it for the sign to ask another one. */
const ASK_ANOTHER = 504;
/** What says how the process is speaks for this process only. */
const OWN = /^\/(?:health|metrics|api\/health)(?:\/|$)/;

/**
 * From `draining` on every answer closes its connection, and what can be asked twice is sent to another replica where
 * there is one: that is how a proxy without health checks learns to leave this one alone. Once the listener closes,
 * whoever still waits in its queue is cut off, and a proxy must not repeat a POST.
 */
export const sendElsewhere =
  (draining: AbortSignal): RequestHandler =>
  (request, response, next) => {
    if (!draining.aborted) return next();
    response.set("Connection", "close");
    const isRepeatable = request.method === "GET" || request.method === "HEAD";
    const hasOthers = request.get(HAS_OTHERS) === "1";
    if (!hasOthers || !isRepeatable || OWN.test(request.path)) return next();
    response.status(ASK_ANOTHER).set("Cache-Control", "no-store").end();
  };
