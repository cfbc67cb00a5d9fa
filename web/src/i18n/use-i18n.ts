import { getSettings, type Language, useSettings } from "../hooks/settings.ts";
import { en } from "../locales/en.ts";
import { ru } from "../locales/ru.ts";
import { createTranslator, type MessageKey } from "./messages.ts";

export type Key = MessageKey<typeof en>;
export type Translate = ReturnType<typeof createTranslator<typeof en>>;

const translators: Record<Language, Translate> = {
  en: createTranslator<typeof en>("en", en),
  ru: createTranslator<typeof en>("ru", ru),
};

/** The translator for code outside of components; components use `useI18n`. */
export function translator(): Translate {
  return translators[getSettings().language];
}

/** `t` looks a message up in the visitor's language: `t("gallery.count", { count: 3 })`. */
export function useI18n(): { t: Translate; language: Language } {
  const { language } = useSettings();
  return { t: translators[language], language };
}
