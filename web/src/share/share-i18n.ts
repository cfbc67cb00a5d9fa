import { getSettings, type Language } from "../hooks/settings-store.ts";
import { createTranslator } from "../i18n/messages.ts";
import { shareEn } from "./share-en.ts";
import { shareRu } from "./share-ru.ts";

export type ShareTranslate = ReturnType<typeof createTranslator<typeof shareEn>>;

const translators: Record<Language, ShareTranslate> = {
  en: createTranslator<typeof shareEn>("en", shareEn),
  ru: createTranslator<typeof shareEn>("ru", shareRu),
};

/** The words in the visitor's language as it is now. */
export const translate: ShareTranslate = (key, values) => translators[getSettings().language](key, values);
