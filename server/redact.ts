import { AppError } from "./errors.ts";

const HIDDEN = "[hidden]";
const SECRET_KEY =
  /authorization|cookie|passw|passphrase|secret|token|credential|api[-_]?key|private[-_]?key/i;

/**
 * Texts that give themselves away as secret, by their form; what is in `keep` stays to tell which it was. Lengths are
 * bounded, so that no text takes long to look through.
 */
const SECRET_FORMS = [
  /(?<keep>\b(?:Bearer|Basic)\s+)[^\s"',;]+/gi,
  // A password in the address of a database, a mail server or a cache.
  /(?<keep>\b[a-z][a-z0-9+.-]{0,20}:\/\/[^:/?#@\s"']{0,300}:)[^@\s"']{1,300}(?=@)/gi,
  /(?<keep>\bp3d_[0-9A-Za-z]{8})[0-9A-Za-z]{16,}/g,
  // JSON Web Tokens (RFC 7519): the first part is a JSON object in base64url.
  /(?<keep>)(?<![\w-])eyJ[\w-]{8,}\.[\w-]*\.[\w-]*/g,
  /(?<keep>\bp3d_(?:access|refresh)=)[^;\s"']+/g,
  /(?<keep>whsec_)[\w+/=]+/g,
  // Addresses as the router takes them: in any case, and with any character encoded.
  /(?<keep>(?:\/|%2f)(?:s|%73)(?:\/|%2f))[^/?#\s"']{16,}/gi,
  /(?<keep>\/(?:invite|reset|verify)#)[^\s"']{16,}/gi,
  /(?<keep>\bby-token(?:\/|%2f))[^/?#\s"']{16,}/gi,
];

/** What each of these forms has in it: most texts are done with one look. */
const HINTS = /bearer|basic|:\/\/|p3d_|eyJ|whsec_|\/s\/|%2f|%73|by-token|#/i;

/** How many secrets that come and go are remembered. */
const MOST_PASSING = 200;
const DEEPEST = 5;

const lasting = new Set<string>();
const passing = new Set<string>();
let known: RegExp | null = null;

/** Shorter ones, and words, would tear holes into lines that are about something else. */
const isTelling = (secret: string) =>
  secret.length >= 12 || (secret.length >= 8 && /\d/.test(secret) && /\D/.test(secret));

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function rebuild(): void {
  const texts = [...lasting, ...passing].flatMap((secret) => [secret, encodeURIComponent(secret)]);
  // The longest first: a secret that begins with another one must go as a whole.
  const sorted = [...new Set(texts)].sort((a, b) => b.length - a.length);
  known = sorted.length > 0 ? new RegExp(sorted.map(escaped).join("|"), "g") : null;
}

/** From now on these are hidden wherever they turn up. For the secrets of the settings. */
export function hideSecrets(secrets: Iterable<string | null | undefined>): void {
  for (const secret of secrets) if (secret && isTelling(secret)) lasting.add(secret);
  rebuild();
}

/** The same for a secret of a user that is in use for a moment; the last few hundred of these are remembered. */
export function hideForNow(secret: string): void {
  if (!isTelling(secret) || lasting.has(secret)) return;
  const isNew = !passing.delete(secret);
  passing.add(secret);
  const [oldest] = passing;
  if (passing.size > MOST_PASSING) passing.delete(oldest);
  if (isNew) rebuild();
}

function redactText(text: string): string {
  const rest = known ? text.replace(known, HIDDEN) : text;
  if (!HINTS.test(rest)) return rest;
  return SECRET_FORMS.reduce((shown, form) => shown.replace(form, `$<keep>${HIDDEN}`), rest);
}

/**
 * A copy without secrets: known ones, texts that have the form of one, and values of tell-tale keys. What lies very
 * deep is left out.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEEPEST) return "[…]";
  if (value instanceof Error) {
    // What the product itself expects is told by its code; where a bug arose, only its stack tells.
    const stack = value instanceof AppError && value.code !== "internal" ? undefined : value.stack;
    return redact({ name: value.name, message: value.message, stack, cause: value.cause }, depth + 1);
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [
        redactText(key),
        SECRET_KEY.test(key) && item !== null ? HIDDEN : redact(item, depth + 1),
      ]),
  );
}
