import { createDictionary } from "../../i18n/dictionary.ts";
import { sharingEn } from "../../locales/sharing-en.ts";
import { sharingRu } from "../../locales/sharing-ru.ts";

const words = createDictionary<typeof sharingEn>(sharingEn, sharingRu);

export type SharingTranslate = ReturnType<typeof words.translator>;

/** The words of sharing, apart from the page's own so that the first view does not carry them. */
export function useSharingI18n() {
  const { t: s, language } = words.useWords();
  return { s, language };
}
