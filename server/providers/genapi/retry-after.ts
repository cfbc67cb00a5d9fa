const LONGEST_SECONDS = 3600;

/** RFC 9110 §10.2.3: seconds or an HTTP date, as seconds from now between 0 and an hour; null where it says neither. */
export function parseRetryAfter(value: unknown, now = Date.now()): number | null {
  if (typeof value !== "string" || value.trim() === "") return null;
  const text = value.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  if (Number.isNaN(seconds)) return null;
  return Math.min(LONGEST_SECONDS, Math.max(0, Math.ceil(seconds)));
}
