import { type Language, useSettings } from "../../hooks/settings.ts";
import { createTranslator } from "../../i18n/messages.ts";
import { printEn } from "../../locales/print-en.ts";
import { printRu } from "../../locales/print-ru.ts";

export type PrintTranslate = ReturnType<typeof createTranslator<typeof printEn>>;

const translators: Record<Language, PrintTranslate> = {
  en: createTranslator<typeof printEn>("en", printEn),
  ru: createTranslator<typeof printEn>("ru", printRu),
};

/** The words of the print panel, which is loaded after the model's page. */
export function usePrintI18n(): { p: PrintTranslate; language: Language } {
  const { language } = useSettings();
  return { p: translators[language], language };
}
