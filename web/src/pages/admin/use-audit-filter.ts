import { useSearchParams } from "wouter";
import type { AuditFilter } from "../../api/admin.ts";

/** The filters as the visitor sets them: days are of the own time zone, `2026-11-21`. */
export type AuditChoice = Record<"actor" | "action" | "q" | "from" | "to", string>;

export const NO_CHOICE: AuditChoice = { actor: "", action: "", q: "", from: "", to: "" };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The first moment of a day where the visitor is, `later` days on; nothing for what is no day. */
function beginningOf(day: string, later = 0): string {
  if (!DAY.test(day)) return "";
  const [year, month, date] = day.split("-").map(Number);
  const moment = new Date(year, month - 1, date + later);
  return year < 1970 || Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}

/** What the server is asked for; the last day counts with all of its hours. */
export const toFilter = ({ from, to, ...rest }: AuditChoice): AuditFilter => ({
  ...rest,
  from: beginningOf(from),
  to: beginningOf(to, 1),
});

/** The filters, kept in the address so that they survive a reload and can be passed on. */
export function useAuditFilter() {
  const [params, setParams] = useSearchParams();
  const names = Object.keys(NO_CHOICE) as (keyof AuditChoice)[];
  const choice = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as AuditChoice;
  const change = (part: Partial<AuditChoice>) => {
    const set = Object.entries({ ...choice, ...part }).filter(([, value]) => value);
    setParams(new URLSearchParams(set), { replace: true });
  };
  return { choice, change, isFiltered: names.some((name) => choice[name]) };
}
