const LONGEST_SECONDS = 3600;

/**
 * RFC 9110 §10.2.3: seconds or an HTTP date, as seconds between 0 and an hour; null where it says neither. A date is
 * taken from the answer's own `Date`, for this machine's clock may be wrong.
 */
export function parseRetryAfter(value: unknown, date?: unknown): number | null {
  if (typeof value !== "string" || value.trim() === "") return null;
  const text = value.trim();
  const seconds = /^\d+$/.test(text)
    ? Number(text)
    : (Date.parse(text) - (Date.parse(String(date)) || Date.now())) / 1000;
  if (Number.isNaN(seconds)) return null;
  return Math.min(LONGEST_SECONDS, Math.max(0, Math.ceil(seconds)));
}
