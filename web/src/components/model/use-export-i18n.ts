import { type Language, useSettings } from "../../hooks/settings.ts";
import { createTranslator } from "../../i18n/messages.ts";
import { exportsEn } from "../../locales/exports-en.ts";
import { exportsRu } from "../../locales/exports-ru.ts";

type ExportTranslate = ReturnType<typeof createTranslator<typeof exportsEn>>;

const translators: Record<Language, ExportTranslate> = {
  en: createTranslator<typeof exportsEn>("en", exportsEn),
  ru: createTranslator<typeof exportsEn>("ru", exportsRu),
};

/** The words of the list of formats, which is loaded after the model's page. */
export function useExportI18n(): { e: ExportTranslate; language: Language } {
  const { language } = useSettings();
  return { e: translators[language], language };
}
