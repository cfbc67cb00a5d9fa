import { createDictionary } from "../../i18n/dictionary.ts";
import { accountsEn } from "../../locales/accounts-en.ts";
import { accountsRu } from "../../locales/accounts-ru.ts";

const words = createDictionary<typeof accountsEn>(accountsEn, accountsRu);

export type AccountTranslate = ReturnType<typeof words.translator>;

/** For code outside of components. */
export const accountTranslator = words.translator;

/** The words about accounts, apart from the page's own so that the first view does not carry them. */
export function useAccountI18n() {
  const { t: a, language } = words.useWords();
  return { a, language };
}
