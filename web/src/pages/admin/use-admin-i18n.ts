import { createDictionary } from "../../i18n/dictionary.ts";
import { adminEn } from "../../locales/admin-en.ts";
import { adminRu } from "../../locales/admin-ru.ts";

const words = createDictionary<typeof adminEn>(adminEn, adminRu);

export type AdminTranslate = ReturnType<typeof words.translator>;

/** For code outside of components. */
export const adminTranslator = words.translator;

/** The words of the administrators' pages, fetched with them. */
export function useAdminI18n() {
  const { t: d, language } = words.useWords();
  return { d, language };
}
