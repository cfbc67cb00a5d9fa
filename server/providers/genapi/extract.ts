/** Reads what GenAPI's answers carry. Every function takes any JSON and never throws. */

type Json = Record<string, unknown>;

const MODEL_KEYS = [
  "model_mesh",
  "model_glb",
  "model_urls",
  "glb",
  "pbr_model",
  "base_model",
  "model_url",
  "url",
];
const LONGEST_URL = 8192;
const NOT_A_MODEL = /\.(png|jpe?g|webp|gif|mp4|webm|zip)$/i;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The remote id as text; null where the answer has none. */
export function requestIdOf(json: unknown): string | null {
  if (!isObject(json)) return null;
  for (const id of [json.request_id, json.id]) {
    if (typeof id === "number" && Number.isSafeInteger(id) && id > 0) return String(id);
    if (typeof id === "string" && /^[\w-]{1,100}$/.test(id.trim())) return id.trim();
  }
  return null;
}

export function statusOf(json: unknown): string | null {
  return isObject(json) && typeof json.status === "string" ? json.status.trim().toLowerCase() : null;
}

/** Percentage between 0 and 100; null where there is none. The remote one may exceed 100. */
export function progressOf(json: unknown): number | null {
  const value = isObject(json) ? toNumber(json.progress) : null;
  return value === null ? null : Math.min(100, Math.max(0, value));
}

/** No model costs so much, roubles: what is said to is not believed. */
const ABSURD_COST = 100_000;

/** Roubles. */
export function costOf(json: unknown): number | null {
  const value = isObject(json) ? toNumber(json.cost) : null;
  return value !== null && value >= 0 && value < ABSURD_COST ? value : null;
}

/** A number, or a text that holds one ("1 234,50" too). */
export function toNumber(value: unknown): number | null {
  const text = typeof value === "string" ? value.replace(/\s/g, "").replace(",", ".") : value;
  if (typeof text !== "number" && (typeof text !== "string" || text === "")) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/**
 * Where the finished model is: `result`, then `output`, then `full_response`; in each a `.glb` before anything
 * else, a host of the list before another, and never a preview picture. Null where there is no address (yet).
 */
export function modelUrlOf(json: unknown, preferredHosts: readonly string[] = []): string | null {
  if (!isObject(json)) return null;
  for (const field of [json.result, json.output, json.full_response]) {
    const urls = urlsIn(field).filter((url) => !NOT_A_MODEL.test(pathOf(url)));
    if (urls.length === 0) continue;
    const score = (url: string) =>
      (/\.glb$/i.test(pathOf(url)) ? 2 : 0) +
      (preferredHosts.includes(URL.parse(url)?.hostname ?? "") ? 1 : 0);
    return urls.reduce((best, url) => (score(url) > score(best) ? url : best));
  }
  return null;
}

function urlsIn(value: unknown, depth = 0): string[] {
  if (depth > 4) return [];
  if (Array.isArray(value)) return value.slice(0, 50).flatMap((item) => urlsIn(item, depth + 1));
  if (isObject(value)) return MODEL_KEYS.flatMap((key) => urlsIn(value[key], depth + 1));
  if (typeof value !== "string") return [];
  const text = value.trim();
  if (/^[[{"]/.test(text)) return urlsIn(parseOrNull(text), depth + 1);
  if (text.length > LONGEST_URL || /\s/.test(text)) return [];
  const url = URL.parse(text);
  return url ? [url.href] : [];
}

const pathOf = (url: string) => URL.parse(url)?.pathname ?? "";

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The provider's own words about a failure, one short line; null where it has none. */
export function errorTextOf(json: unknown): string | null {
  if (typeof json === "string") return shorten(json);
  if (!isObject(json)) return null;
  const result = Array.isArray(json.result) ? json.result[0] : json.result;
  const error = isObject(json.error) ? json.error.message : json.error;
  const validation = firstOf(json.errors_validation) ?? firstOf(json.errors);
  for (const text of [validation, result, error, json.message]) {
    if (typeof text === "string" && text.trim() !== "") return shorten(text);
  }
  return null;
}

/** `{ field: ["text"] }` of both validation shapes as "field: text". */
function firstOf(errors: unknown): string | null {
  if (!isObject(errors)) return null;
  for (const [field, texts] of Object.entries(errors)) {
    const text = Array.isArray(texts) ? texts[0] : texts;
    if (typeof text === "string") return `${field}: ${text}`;
  }
  return null;
}

/** Of megabytes only the beginning is looked at; never half a character, which JSON in the database can't hold. */
function shorten(text: string): string {
  const line = text
    .slice(0, 3000)
    .replace(/<[^>]*>/g, " ")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return (line.length > 300 ? `${line.slice(0, 299)}…` : line).toWellFormed();
}

/** Whether the words of a failure promise that a later try can succeed. */
export function soundsTemporary(text: string | null): boolean {
  return /временно|позже|перегруж|повторите попытку|попробуйте (снова|ещё|еще)|temporar|try again|overload|timed? ?out/i.test(
    text ?? "",
  );
}
