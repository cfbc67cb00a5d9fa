import type { Language } from "../hooks/settings.ts";

const KB = 1000;

/** Bytes in the unit that keeps the number short: `412 kB`, `1.8 MB`. */
export function formatBytes(bytes: number, language: Language): string {
  const [value, unit] =
    bytes < KB ** 2
      ? [bytes / KB, "kilobyte"]
      : bytes < KB ** 3
        ? [bytes / KB ** 2, "megabyte"]
        : [bytes / KB ** 3, "gigabyte"];
  const maximumFractionDigits = value < 1 || (value < 10 && unit !== "kilobyte") ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits }).format(value);
}

function formatUnit(value: number, unit: "second" | "minute" | "hour", language: Language): string {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);
}

/** Whole seconds, minutes and seconds, or hours and minutes: `45 sec`, `2 min 5 sec`. */
export function formatDuration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const parts: string[] = [];
  if (hours) parts.push(formatUnit(hours, "hour", language));
  if (minutes) parts.push(formatUnit(minutes, "minute", language));
  if (!hours && (rest || !minutes)) parts.push(formatUnit(rest, "second", language));
  return parts.join(" ");
}

/** A time of day where the visitor is: `03:00`. */
export function formatTime(time: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(time));
}

/** A day in the visitor's language: `21 Nov 2026`. */
export function formatDay(time: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(time));
}

/** A time as seen from now: `5 minutes ago`, `yesterday`; a day once it is more than a week old. */
export function formatAgo(time: string, now: number, language: Language): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (seconds > -60) return relative.format(0, "second");
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), "minute");
  if (seconds > -86_400) return relative.format(Math.round(seconds / 3600), "hour");
  if (seconds > -7 * 86_400) return relative.format(Math.round(seconds / 86_400), "day");
  return formatDay(time, language);
}
