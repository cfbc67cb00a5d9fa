import type { ErrorCode } from "../errors.ts";
import type { StoredError } from "../models/generation.ts";

/** Codes where the provider's own words say more than the error table can. */
const SPOKEN: ReadonlySet<ErrorCode> = new Set(["provider-rejected", "provider-failed"]);

/** A failure as it is stored: with the provider's words, in whatever language it spoke, where they help. */
export const failureOf = (code: ErrorCode, message: string): StoredError =>
  SPOKEN.has(code) ? { code, detail: { en: message, ru: message } } : { code };
