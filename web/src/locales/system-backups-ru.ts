import type { Wording } from "../i18n/messages.ts";
import type { systemBackupsEn } from "./system-backups-en.ts";

/** Тексты о резервных копиях. */
export const systemBackupsRu: Wording<typeof systemBackupsEn> = {
  heading: "Резервные копии",
};
