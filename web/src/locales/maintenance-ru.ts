import type { Wording } from "../i18n/messages.ts";
import type { maintenanceEn } from "./maintenance-en.ts";

/** Тексты сообщения на каждой странице во время обслуживания; загружаются после страницы. */
export const maintenanceRu: Wording<typeof maintenanceEn> = {
  title: "Идёт обслуживание: смотреть можно всё, с изменениями придётся подождать.",
};
