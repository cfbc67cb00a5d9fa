import type { Alert as AlertView } from "../../contract/monitor.ts";
import type { AlertState } from "../../models/alert.ts";
import type { Letter } from "../mail/letters.ts";
import { alertText } from "./alert-texts.ts";

type Locale = "en" | "ru";

const UNITS: Record<Locale, Record<AlertView["unit"], string>> = {
  en: { state: "", ms: " ms", s: " s", "%": " %", RUB: " RUB" },
  ru: { state: "", ms: " мс", s: " с", "%": " %", RUB: " руб." },
};

const WORDS = {
  en: {
    product: "Photo to 3D",
    over: "Over",
    since: "Since",
    until: "Until",
    measured: "Measured",
    threshold: "threshold",
    overText: "It is well again; nothing has to be done.",
  },
  ru: {
    product: "Фото в 3D",
    over: "Закончилось",
    since: "С",
    until: "До",
    measured: "Измерено",
    threshold: "порог",
    overText: "Всё снова в порядке; делать ничего не нужно.",
  },
} as const;

function partIn(locale: Locale, alert: AlertState, isOver: boolean): string {
  const words = WORDS[locale];
  const { title, advice } = alertText(alert.key);
  const time = (at: Date) => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const inUnit = (value: number) => `${value.toLocaleString(locale)}${UNITS[locale][alert.unit]}`;
  return [
    `${isOver ? `${words.over}: ` : ""}${title[locale]}.`,
    `${words.since}: ${time(alert.openedAt)}`,
    ...(isOver && alert.resolvedAt ? [`${words.until}: ${time(alert.resolvedAt)}`] : []),
    ...(alert.unit === "state"
      ? []
      : [`${words.measured}: ${inUnit(alert.value)}, ${words.threshold}: ${inUnit(alert.threshold)}`]),
    "",
    isOver ? words.overText : advice[locale],
  ].join("\n");
}

/** The letter of an alert, in both languages: whose address it is sent to has told nobody theirs. */
export function alertLetter(alert: AlertState, about: "opened" | "resolved", page: string | null): Letter {
  const isOver = about === "resolved";
  const { title } = alertText(alert.key);
  const { product, over } = WORDS.en;
  return {
    subject: `${product}: ${isOver ? `${over}: ` : ""}${title.en} / ${title.ru}`,
    text: [partIn("en", alert, isOver), partIn("ru", alert, isOver), ...(page ? [page] : [])].join("\n\n"),
  };
}
