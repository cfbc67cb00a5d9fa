import type { MonitoredService } from "../../contract/monitor.ts";
import { LOOKS, type Look, type Rule, type Thresholds } from "./rules.ts";

export interface Verdict {
  opened: { rule: Rule; value: number; threshold: number }[];
  /** Keys of alerts that are over. */
  resolved: string[];
}

/** Nothing is known of these while the database doesn't answer; one alert is enough for that. */
const TOLD_BY_DATABASE: readonly MonitoredService[] = ["provider", "queue"];

/** What a look means: between `good` and `bad` is a margin that changes nothing. */
type Reading = "bad" | "good" | "between";

/**
 * Decides by the looks of this process in a row what opens and what closes. A look that can't tell, or falls into the
 * margin, neither confirms nor refutes: the row begins anew.
 */
export function createJudge(rules: readonly Rule[], thresholds: Thresholds) {
  const rows = new Map<string, { reading: Reading; looks: number }>();

  return function judge(look: Look, open: ReadonlySet<string>): Verdict {
    const verdict: Verdict = { opened: [], resolved: [] };
    for (const rule of rules) {
      const threshold = rule.threshold(thresholds);
      const seen = look[rule.service];
      const isUnseen = look.database.status === "unhealthy" && TOLD_BY_DATABASE.includes(rule.service);
      const value = isUnseen ? null : rule.read(seen);
      const isMoot = threshold === null || seen.status === "off";
      const reading = isMoot ? "good" : readingOf(rule, threshold, value);
      const last = rows.get(rule.key);
      const looks = last?.reading === reading ? last.looks + 1 : 1;
      rows.set(rule.key, { reading, looks });
      if (open.has(rule.key)) {
        if (reading === "good" && looks >= LOOKS.toClose) verdict.resolved.push(rule.key);
      } else if (!isMoot && value !== null && reading === "bad" && looks >= LOOKS.toOpen) {
        verdict.opened.push({ rule, value, threshold });
      }
    }
    // What another version raised and this one doesn't know.
    const known = new Set<string>(rules.map(({ key }) => key));
    verdict.resolved.push(...[...open].filter((key) => !known.has(key)));
    return verdict;
  };
}

function readingOf({ isBadWhen, clearFactor }: Rule, threshold: number, value: number | null): Reading {
  if (value === null) return "between";
  const sign = isBadWhen === "above" ? 1 : -1;
  if (sign * (value - threshold) > 0) return "bad";
  return sign * (value - threshold * clearFactor) <= 0 ? "good" : "between";
}
