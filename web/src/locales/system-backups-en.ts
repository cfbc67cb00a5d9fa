/** Texts about backups. */
export const systemBackupsEn = {
  heading: "Backups",
} as const;
