import { isIP } from "node:net";
import cors from "cors";
import type { RequestHandler } from "express";
import helmet from "helmet";
import ipaddr from "ipaddr.js";
import { AppError } from "../errors.ts";

/** Headers of every answer. With exactly this policy three loads textured GLBs, and no other host is reached. */
export const securityHeaders = (options: { https: boolean }): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        // The preview of an embedded link.
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        scriptSrcAttr: ["'none'"],
        workerSrc: ["'self'", "blob:"],
        connectSrc: ["'self'", "blob:"],
        imgSrc: ["'self'", "blob:", "data:"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
      },
    },
    strictTransportSecurity: options.https ? { maxAge: 31_536_000 } : false,
    originAgentCluster: false,
  });

/** Against DNS rebinding: without sign-in only requests that were addressed to this machine are answered. */
export const onlyLocalHosts = (publicUrl: string | null): RequestHandler => {
  const publicHost = publicUrl && new URL(publicUrl).hostname;
  return (request, _response, next) => {
    const host = request.hostname?.replace(/^\[|\]$/g, "") ?? "";
    const isLocal = host === "localhost" || (isIP(host) !== 0 && ipaddr.process(host).range() === "loopback");
    if (!isLocal && host !== publicHost) throw new AppError("host-not-allowed");
    next();
  };
};

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses changes that a page of another origin asks for; programs send no `Origin` and pass. */
export const sameOriginChanges =
  (allowed: string[]): RequestHandler =>
  (request, _response, next) => {
    const origin = request.get("origin");
    if (SAFE_METHODS.has(request.method) || (origin && allowed.includes(origin))) return next();
    const isForeignSite = ["cross-site", "same-site"].includes(request.get("sec-fetch-site") ?? "");
    const isForeignOrigin = origin !== undefined && URL.parse(origin)?.host !== request.get("host");
    if (isForeignSite || isForeignOrigin) throw new AppError("cross-origin");
    next();
  };

/** CORS for the origins of the setting; others get no permission from the browser. */
export const crossOrigin = (origins: string[]): RequestHandler =>
  cors({
    origin: origins,
    exposedHeaders: ["ETag", "Location", "X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"],
    maxAge: 600,
  });

/** What doesn't say how it may be kept is kept by nobody, neither by a browser nor by a cache on the way. */
export const keptByNobody: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};
