import cors from "cors";
import type { RequestHandler, Response } from "express";
import type { Caching } from "./send-stored.ts";

/** Files of a link may be read by viewers on other sites and by phones' own viewers; no cookie opens anything here. */
export const shareCors: RequestHandler = cors({
  origin: "*",
  methods: ["GET", "HEAD"],
  allowedHeaders: ["Range", "If-Range", "If-None-Match", "If-Modified-Since"],
  exposedHeaders: ["Accept-Ranges", "Content-Length", "Content-Range", "ETag", "X-Request-Id"],
  maxAge: 86_400,
});

/** A link is for those who got it: other origins may load what is behind it, search engines leave it out. */
export const shareHeaders: RequestHandler = (_request, response, next) => {
  response.set({ "Cross-Origin-Resource-Policy": "cross-origin", "X-Robots-Tag": "noindex" });
  next();
};

/** Caches between us and the visitor ask again after this time, so that a revoked link ends there too. */
const SHARED_CACHE_SECONDS = 300;

/** Who loaded a file has it; everyone else comes back to us before the link can be long revoked or expired. */
export function shareCaching(expiresAt: Date | null): Caching {
  const left = expiresAt ? Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000)) : Infinity;
  const shared = Math.min(SHARED_CACHE_SECONDS, left);
  return {
    versioned: `public, max-age=31536000, s-maxage=${shared}, immutable`,
    other: `public, max-age=${Math.min(60, left)}`,
  };
}

/**
 * Lets these sites show the answer in a frame, and our own page for its preview, and nobody else. X-Frame-Options can't
 * name sites, so it goes.
 */
export function allowFraming(response: Response, sites: string[]): void {
  const policy = String(response.getHeader("Content-Security-Policy"));
  const ancestors = ["'self'", ...sites].join(" ");
  response.set(
    "Content-Security-Policy",
    policy.replace(/frame-ancestors [^;]*/, `frame-ancestors ${ancestors}`),
  );
  if (sites.length > 0) response.removeHeader("X-Frame-Options");
}
