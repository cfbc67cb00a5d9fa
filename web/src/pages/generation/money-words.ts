import type { Generation } from "../../../../server/contract/generation.ts";
import { formatRoubles, type MoneyTranslate } from "../../components/money/use-money-i18n.ts";
import type { Language } from "../../hooks/settings.ts";
import { formatDay } from "../../i18n/format.ts";

/** What work in hand costs; null where there is nothing to say. */
export function runningCost(
  { status, tries, attempts, cost, expectedCost }: Generation,
  m: MoneyTranslate,
  language: Language,
): string | null {
  // What waits for its turn was never taken, unless it is sent anew after an end that may have cost.
  const isUncharged = status === "queued" && !cost && attempts === tries;
  const lines = [
    cost !== null && cost > 0 && m("costSoFar", { price: formatRoubles(cost, language) }),
    expectedCost
      ? m(isUncharged ? "notYet" : "setAside", { price: formatRoubles(expectedCost, language) })
      : null,
  ].filter(Boolean);
  return lines.length > 0 ? lines.join(" ") : null;
}

/** What work that has ended cost or may have cost; null where it was free anyway. */
export function endedCost(
  { provider, cost, expectedCost }: Generation,
  m: MoneyTranslate,
  language: Language,
): string | null {
  if (provider === "local") return null;
  const roubles = (value: number) => formatRoubles(value, language);
  if (cost && expectedCost) return m("mayCostMore", { price: roubles(cost), more: roubles(expectedCost) });
  if (cost) return m("cost", { price: roubles(cost) });
  if (expectedCost) return m("mayCost", { price: roubles(expectedCost) });
  return m("nothing");
}

/** How long a kept result waits; null where none is kept. */
export const keptUntil = ({ keptUntil: until }: Generation, m: MoneyTranslate, language: Language) =>
  until && m("keptUntil", { day: formatDay(until, language) });
