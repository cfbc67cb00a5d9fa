import { formatRoubles } from "../../../components/money/use-money-i18n.ts";
import type { Language } from "../../../hooks/settings.ts";
import { formatBytes, formatDuration } from "../../../i18n/format.ts";
import type { SystemTranslate } from "./use-system-i18n.ts";

interface Words {
  s: SystemTranslate;
  language: Language;
}

/** Measured values of a service as short texts; what this page has no words for is left out. */
export function figureWords(figures: Readonly<Record<string, number>>, { s, language }: Words): string[] {
  const found: string[] = [];
  const { poolInUse, poolMax, poolWaiting, memoryBytes, freeBytes, balanceRoubles, jobs, oldestSeconds } =
    figures;
  if (poolInUse !== undefined && poolMax !== undefined)
    found.push(s("figures.pool", { used: poolInUse, max: poolMax }));
  if (poolWaiting) found.push(s("figures.waiting", { count: poolWaiting }));
  if (memoryBytes !== undefined)
    found.push(s("figures.memory", { size: formatBytes(memoryBytes, language) }));
  if (freeBytes !== undefined) found.push(s("figures.free", { size: formatBytes(freeBytes, language) }));
  if (balanceRoubles !== undefined)
    found.push(s("figures.balance", { price: formatRoubles(balanceRoubles, language) }));
  if (jobs !== undefined) found.push(s("figures.jobs", { count: jobs }));
  if (oldestSeconds) found.push(s("figures.oldest", { time: formatDuration(oldestSeconds, language) }));
  return found;
}
