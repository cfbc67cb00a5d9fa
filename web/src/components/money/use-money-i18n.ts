import { getSettings, type Language, useSettings } from "../../hooks/settings.ts";
import { createTranslator } from "../../i18n/messages.ts";
import { moneyEn } from "../../locales/money-en.ts";
import { moneyRu } from "../../locales/money-ru.ts";

export type MoneyTranslate = ReturnType<typeof createTranslator<typeof moneyEn>>;

const translators: Record<Language, MoneyTranslate> = {
  en: createTranslator<typeof moneyEn>("en", moneyEn),
  ru: createTranslator<typeof moneyEn>("ru", moneyRu),
};

/** For code outside of components. */
export const moneyTranslator = (): MoneyTranslate => translators[getSettings().language];

/** The words about money, apart from the page's own so that the first view does not carry them. */
export function useMoneyI18n(): { m: MoneyTranslate; language: Language } {
  const { language } = useSettings();
  return { m: translators[language], language };
}

/** Roubles with as many kopecks as there are: `17 ₽`, `12.50 ₽`. */
export function formatRoubles(roubles: number, language: Language): string {
  const minimumFractionDigits = Number.isInteger(roubles) ? 0 : 2;
  const number = new Intl.NumberFormat(language, { minimumFractionDigits, maximumFractionDigits: 2 });
  return `${number.format(roubles)}\u00a0₽`;
}
