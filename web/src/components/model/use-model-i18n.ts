import { type Language, useSettings } from "../../hooks/settings.ts";
import { createTranslator } from "../../i18n/messages.ts";
import { en } from "../../locales/en.ts";
import { ru } from "../../locales/ru.ts";
import { viewerEn } from "../../locales/viewer-en.ts";
import { viewerRu } from "../../locales/viewer-ru.ts";

const words = { ...en, ...viewerEn };
type ModelTranslate = ReturnType<typeof createTranslator<typeof words>>;

const translators: Record<Language, ModelTranslate> = {
  en: createTranslator<typeof words>("en", words),
  ru: createTranslator<typeof words>("ru", { ...ru, ...viewerRu }),
};

/** The page's words together with those of the model's page, which the first view does not carry. */
export function useModelI18n(): { t: ModelTranslate; language: Language } {
  const { language } = useSettings();
  return { t: translators[language], language };
}
