import type { Request } from "express";

export type Locale = "en" | "ru";

/** The language of the answer: Russian where `Accept-Language` prefers it, English otherwise. */
export const localeOf = (request: Request): Locale =>
  request.acceptsLanguages("en", "ru") === "ru" ? "ru" : "en";
