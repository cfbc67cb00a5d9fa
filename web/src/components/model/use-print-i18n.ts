import { createDictionary } from "../../i18n/dictionary.ts";
import { printEn } from "../../locales/print-en.ts";
import { printRu } from "../../locales/print-ru.ts";

const words = createDictionary<typeof printEn>(printEn, printRu);

export type PrintTranslate = ReturnType<typeof words.translator>;

/** The words of the print panel, which is loaded after the model's page. */
export function usePrintI18n() {
  const { t: p, language } = words.useWords();
  return { p, language };
}
