import { createDictionary } from "../../i18n/dictionary.ts";
import { deliveryEn } from "../../locales/delivery-en.ts";
import { deliveryRu } from "../../locales/delivery-ru.ts";

const words = createDictionary<typeof deliveryEn>(deliveryEn, deliveryRu);

/** The words of the bound of the file for viewing. */
export function useDeliveryI18n() {
  const { t: d, language } = words.useWords();
  return { d, language };
}
