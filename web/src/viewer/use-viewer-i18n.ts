import { type Language, useSettings } from "../hooks/settings.ts";
import { createTranslator } from "../i18n/messages.ts";
import { viewerEn } from "../locales/viewer-en.ts";
import { viewerRu } from "../locales/viewer-ru.ts";

export type ViewerTranslate = ReturnType<typeof createTranslator<typeof viewerEn>>;

const translators: Record<Language, ViewerTranslate> = {
  en: createTranslator<typeof viewerEn>("en", viewerEn),
  ru: createTranslator<typeof viewerEn>("ru", viewerRu),
};

/** The words of the viewer and of the model's page, apart from the page's own so that the first view does not carry them. */
export function useViewerI18n(): { t: ViewerTranslate; language: Language } {
  const { language } = useSettings();
  return { t: translators[language], language };
}
