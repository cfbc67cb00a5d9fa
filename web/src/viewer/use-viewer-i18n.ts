import { createDictionary } from "../i18n/dictionary.ts";
import { viewerEn } from "../locales/viewer-en.ts";
import { viewerRu } from "../locales/viewer-ru.ts";

const words = createDictionary<typeof viewerEn>(viewerEn, viewerRu);

/** The words of the viewer and of the model's page, apart from the page's own so that the first view does not carry them. */
export const useViewerI18n = words.useWords;
