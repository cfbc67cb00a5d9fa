import type { PrintCheck, PrintRepairSteps } from "../../../../server/contract/print.ts";
import type { PrintTranslate } from "./use-print-i18n.ts";

const DIGITS = { maximumSignificantDigits: 3 } as const;

/** A length in millimetres for people, such as "0.82 mm". */
export const millimetres = (value: number, language: string): string =>
  new Intl.NumberFormat(language, { ...DIGITS, style: "unit", unit: "millimeter" }).format(value);

/** A volume for people: cubic centimetres, from a thousand on litres. */
export function formatVolume(cm3: number, language: string): string {
  if (cm3 >= 1000) {
    return new Intl.NumberFormat(language, { ...DIGITS, style: "unit", unit: "liter" }).format(cm3 / 1000);
  }
  return `${new Intl.NumberFormat(language, DIGITS).format(cm3)} ${language === "ru" ? "см³" : "cm³"}`;
}

/** Why a model does not print, or may print badly, those first that keep it from printing. */
export function reasonLines(check: PrintCheck, p: PrintTranslate, language: string): string[] {
  const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const values = {
    threshold: check.wall ? millimetres(check.wall.thresholdMillimetres, language) : "",
    share: share.format(check.wall?.thinShare ?? 0),
  };
  return [...check.reasons]
    .sort((one, other) => Number(other.blocks) - Number(one.blocks))
    .map(({ code, count }) => p(`reasons.${code}`, { ...values, count: count ?? 0 }));
}

/** What a repair did, one line for each kind of work. */
export function stepLines(steps: PrintRepairSteps, p: PrintTranslate, language: string): string[] {
  const lines: string[] = [];
  const add = (count: number, line: (count: number) => string) => {
    if (count > 0) lines.push(line(count));
  };
  const width = millimetres(steps.largestHoleMillimetres ?? 0, language);
  add(steps.holesClosed, (count) => p("steps.holes", { count, width }));
  add(steps.cornersJoined, (count) => p("steps.cracks", { count }));
  add(steps.facesTurned, (count) => p("steps.turned", { count }));
  add(steps.duplicatesRemoved, (count) => p("steps.duplicates", { count }));
  add(steps.sheetsThickened, (count) => p("steps.sheets", { count }));
  add(steps.specksDropped, (count) => p("steps.specks", { count }));
  if (steps.shellsJoined > 1) lines.push(p("steps.joined", { count: steps.shellsJoined }));
  const [, , height] = steps.sizeMillimetres;
  add(steps.cutMillimetres, (cut) =>
    p("steps.cut", {
      length: millimetres(cut, language),
      before: millimetres(height + cut, language),
      after: millimetres(height, language),
    }),
  );
  add(steps.gridMillimetres ?? 0, (length) => p("steps.grid", { length: millimetres(length, language) }));
  return lines.length > 0 ? lines : [p("steps.nothing")];
}
