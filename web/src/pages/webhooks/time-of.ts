import type { Language } from "../../hooks/settings.ts";

/** A day and a time of it, short: `Nov 21, 2026, 11:29 AM`. */
export const timeOf = (time: string, language: Language) =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
