import { createDictionary } from "../../../i18n/dictionary.ts";
import { systemEn } from "../../../locales/system-en.ts";
import { systemRu } from "../../../locales/system-ru.ts";

const words = createDictionary<typeof systemEn>(systemEn, systemRu);

export type SystemTranslate = ReturnType<typeof words.translator>;

/** For code outside of components. */
export const systemTranslator = words.translator;

/** The words of the page of operations, fetched with it. */
export function useSystemI18n() {
  const { t: s, language } = words.useWords();
  return { s, language };
}
