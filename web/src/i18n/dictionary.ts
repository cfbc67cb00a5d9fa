import { getSettings, type Language, useSettings } from "../hooks/settings.ts";
import { createTranslator, type Wording } from "./messages.ts";

/** Words in both languages: a hook for components, and a look-up for code outside of them. */
export function createDictionary<T>(en: Wording<T>, ru: Wording<T>) {
  const translators: Record<Language, ReturnType<typeof createTranslator<T>>> = {
    en: createTranslator<T>("en", en),
    ru: createTranslator<T>("ru", ru),
  };
  return {
    translator: () => translators[getSettings().language],
    useWords() {
      const { language } = useSettings();
      return { t: translators[language], language };
    },
  };
}
