import { createDictionary } from "../../i18n/dictionary.ts";
import { keysEn } from "../../locales/keys-en.ts";
import { keysRu } from "../../locales/keys-ru.ts";

const words = createDictionary<typeof keysEn>(keysEn, keysRu);

export type KeysTranslate = ReturnType<typeof words.translator>;

/** For code outside of components. */
export const keysTranslator = words.translator;

/** The words about keys, fetched with their page. */
export function useKeysI18n() {
  const { t: k, language } = words.useWords();
  return { k, language };
}
