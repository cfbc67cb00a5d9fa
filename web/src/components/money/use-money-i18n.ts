import type { Language } from "../../hooks/settings.ts";
import { createDictionary } from "../../i18n/dictionary.ts";
import { moneyEn } from "../../locales/money-en.ts";
import { moneyRu } from "../../locales/money-ru.ts";

const words = createDictionary<typeof moneyEn>(moneyEn, moneyRu);

export type MoneyTranslate = ReturnType<typeof words.translator>;

/** For code outside of components. */
export const moneyTranslator = words.translator;

/** The words about money, apart from the page's own so that the first view does not carry them. */
export function useMoneyI18n() {
  const { t: m, language } = words.useWords();
  return { m, language };
}

/** Roubles with as many kopecks as there are: `17 ₽`, `12.50 ₽`. */
export function formatRoubles(roubles: number, language: Language): string {
  const minimumFractionDigits = Number.isInteger(roubles) ? 0 : 2;
  const number = new Intl.NumberFormat(language, { minimumFractionDigits, maximumFractionDigits: 2 });
  return `${number.format(roubles)}\u00a0₽`;
}
