import { type Language, useSettings } from "../../hooks/settings.ts";
import { createTranslator } from "../../i18n/messages.ts";
import { compareEn } from "../../locales/compare-en.ts";
import { compareRu } from "../../locales/compare-ru.ts";

type CompareTranslate = ReturnType<typeof createTranslator<typeof compareEn>>;

const translators: Record<Language, CompareTranslate> = {
  en: createTranslator<typeof compareEn>("en", compareEn),
  ru: createTranslator<typeof compareEn>("ru", compareRu),
};

/** The words of this page, which the first view does not carry. */
export function useCompareI18n(): { t: CompareTranslate; language: Language } {
  const { language } = useSettings();
  return { t: translators[language], language };
}
