import { createDictionary } from "../../i18n/dictionary.ts";
import { en } from "../../locales/en.ts";
import { ru } from "../../locales/ru.ts";
import { viewerEn } from "../../locales/viewer-en.ts";
import { viewerRu } from "../../locales/viewer-ru.ts";

const all = { ...en, ...viewerEn };
const words = createDictionary<typeof all>(all, { ...ru, ...viewerRu });

/** The page's words together with those of the model's page, which the first view does not carry. */
export const useModelI18n = words.useWords;
