import type { Backup } from "../../../../../server/contract/backup.ts";

export const VERDICTS = ["whole", "sums", "damaged", "open"] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** How much a backup can be relied on: `sums` is right by its checksums, but was never restored. */
export function verdictOf({ verdict }: Backup): VerdictName {
  if (!verdict) return "open";
  if (!verdict.ok) return "damaged";
  // What is still the same, byte for byte, as when it was restored needs no second trial.
  return verdict.scope === "restored" || verdict.restoredAt ? "whole" : "sums";
}

/** Bytes of the dump and of the files that a backup names. */
export const sizeOf = ({ databaseBytes, fileBytes }: Backup): number => databaseBytes + fileBytes;
