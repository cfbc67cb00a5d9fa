import { getSettings, type Language, useSettings } from "../../hooks/settings.ts";
import { createTranslator } from "../../i18n/messages.ts";
import { webhooksEn } from "../../locales/webhooks-en.ts";
import { webhooksRu } from "../../locales/webhooks-ru.ts";

export type WebhookTranslate = ReturnType<typeof createTranslator<typeof webhooksEn>>;

const translators: Record<Language, WebhookTranslate> = {
  en: createTranslator<typeof webhooksEn>("en", webhooksEn),
  ru: createTranslator<typeof webhooksEn>("ru", webhooksRu),
};

/** For code outside of components. */
export const webhookTranslator = (): WebhookTranslate => translators[getSettings().language];

/** The words of these pages, apart from the page's own so that the first view does not carry them. */
export function useWebhookI18n(): { w: WebhookTranslate; language: Language } {
  const { language } = useSettings();
  return { w: translators[language], language };
}
