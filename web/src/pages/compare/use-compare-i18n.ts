import { createDictionary } from "../../i18n/dictionary.ts";
import { compareEn } from "../../locales/compare-en.ts";
import { compareRu } from "../../locales/compare-ru.ts";

const words = createDictionary<typeof compareEn>(compareEn, compareRu);

/** The words of this page, which the first view does not carry. */
export const useCompareI18n = words.useWords;
