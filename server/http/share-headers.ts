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

/** Of an address that doesn't name its content, which may come to mean other bytes. */
const OTHER_SECONDS = 60;

/**
 * Who loaded a file has it. Caches that many share, such as a CDN, keep it for `sharedSeconds` only, so that everyone
 * else comes back to us soon after the link was revoked; 0: they don't keep it, and a revoked link ends at once.
 */
export function shareCaching(expiresAt: Date | null, sharedSeconds: number): Caching {
  const left = expiresAt ? Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000)) : Infinity;
  const shared = Math.min(sharedSeconds, left);
  const other = Math.min(OTHER_SECONDS, left);
  const reach = (seconds: number) => (seconds > 0 ? ["public", `, s-maxage=${seconds}`] : ["private", ""]);
  const [versionedScope, versionedShared] = reach(shared);
  const [otherScope, otherShared] = reach(Math.min(shared, other));
  return {
    versioned: `${versionedScope}, max-age=31536000${versionedShared}, immutable`,
    other: `${otherScope}, max-age=${other}${otherShared}`,
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
