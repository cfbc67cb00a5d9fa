import { createDictionary } from "../../i18n/dictionary.ts";
import { webhooksEn } from "../../locales/webhooks-en.ts";
import { webhooksRu } from "../../locales/webhooks-ru.ts";

const words = createDictionary<typeof webhooksEn>(webhooksEn, webhooksRu);

export type WebhookTranslate = ReturnType<typeof words.translator>;

/** For code outside of components. */
export const webhookTranslator = words.translator;

/** The words of these pages, apart from the page's own so that the first view does not carry them. */
export function useWebhookI18n() {
  const { t: w, language } = words.useWords();
  return { w, language };
}
