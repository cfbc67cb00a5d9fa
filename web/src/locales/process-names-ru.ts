import type { Wording } from "../i18n/messages.ts";
import type { processNamesEn } from "./process-names-en.ts";

export const processNamesRu: Wording<typeof processNamesEn> = {
  monitor: "Проверка служб",
  backupSchedule: "Резервные копии по расписанию",
  housekeeping: "Уборка",
  queue: "Очередь",
};
