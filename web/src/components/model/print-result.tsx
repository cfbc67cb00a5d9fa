import type { PrintCheck } from "../../../../server/contract/print.ts";
import { Notice } from "../notice.tsx";
import styles from "./model-facts.module.css";
import own from "./print-panel.module.css";
import { formatVolume, millimetres, reasonLines } from "./print-words.ts";
import { usePrintI18n } from "./use-print-i18n.ts";

/** The verdict on a model, or on its repaired copy, with reasons and measures. */
export function PrintResult({ check, repaired = false }: { check: PrintCheck; repaired?: boolean }) {
  const { p, language } = usePrintI18n();
  const reasons = reasonLines(check, p, language);
  const count = (value: number) => new Intl.NumberFormat(language).format(value);
  const size = check.sizeMillimetres.map((side) => count(Math.round(side * 10) / 10)).join(" × ");
  const facts: [string, string][] = [
    [p("facts.size"), `${size} ${language === "ru" ? "мм" : "mm"}`],
    [
      p("facts.volume"),
      check.volumeCubicCentimetres === null
        ? p("facts.unknown")
        : formatVolume(check.volumeCubicCentimetres, language),
    ],
    [
      p("facts.wall"),
      check.wall ? millimetres(check.wall.smallestMillimetres, language) : p("facts.unknown"),
    ],
    [p("facts.pieces"), count(check.surface.looseParts)],
    [p("facts.openEdges"), count(check.surface.openEdges)],
  ];
  const verdict = repaired
    ? p(check.printable ? "repairedYes" : "repairedNo")
    : p(check.printable ? "yes" : "no");
  return (
    <>
      <Notice role="status" tone={check.printable ? "good" : "warn"} title={verdict}>
        {reasons.length > 0 && (
          <ul className={own.list}>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </Notice>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
