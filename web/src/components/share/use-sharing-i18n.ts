import { type Language, useSettings } from "../../hooks/settings.ts";
import { createTranslator } from "../../i18n/messages.ts";
import { sharingEn } from "../../locales/sharing-en.ts";
import { sharingRu } from "../../locales/sharing-ru.ts";

export type SharingTranslate = ReturnType<typeof createTranslator<typeof sharingEn>>;

const translators: Record<Language, SharingTranslate> = {
  en: createTranslator<typeof sharingEn>("en", sharingEn),
  ru: createTranslator<typeof sharingEn>("ru", sharingRu),
};

/** The words of sharing, apart from the page's own so that the first view does not carry them. */
export function useSharingI18n(): { s: SharingTranslate; language: Language } {
  const { language } = useSettings();
  return { s: translators[language], language };
}
