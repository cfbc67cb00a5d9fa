import { STATUS_CODES } from "node:http";
import type { Problem } from "../contract/problem.ts";
import { ENGLISH } from "../error-texts/en.ts";
import { RUSSIAN } from "../error-texts/ru.ts";
import type { AppError } from "../errors.ts";
import type { Locale } from "./locale.ts";

/** The words of the error table in a language. */
export const ERROR_WORDS = { en: ENGLISH, ru: RUSSIAN };

/** RFC 9457 problem details of an error. */
export function presentProblem(error: AppError, locale: Locale, requestId: string): Problem {
  const { status, retryable } = error.entry;
  const words = ERROR_WORDS[locale][error.code];
  return {
    type: `/docs#${error.code}`,
    title: words.title ?? STATUS_CODES[status],
    status,
    detail: error.detail[locale],
    code: error.code,
    requestId,
    retryable,
    ...(words.suggestion && { suggestion: words.suggestion }),
    ...(error.errors && { errors: error.errors }),
  };
}
