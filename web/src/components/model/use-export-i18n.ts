import { createDictionary } from "../../i18n/dictionary.ts";
import { exportsEn } from "../../locales/exports-en.ts";
import { exportsRu } from "../../locales/exports-ru.ts";

const words = createDictionary<typeof exportsEn>(exportsEn, exportsRu);

/** The words of the list of formats, which is loaded after the model's page. */
export function useExportI18n() {
  const { t: e, language } = words.useWords();
  return { e, language };
}
