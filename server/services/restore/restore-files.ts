import { z } from "zod";
import type { RestoredFile, TakeFile } from "../../backup/restore-files.ts";
import { BackupFilename } from "../../contract/backup.ts";
import type { Storage } from "../../storage/storage.ts";

export const RestoreNote = z.object({
  /** Of the restore; a word from before there were ids has none. */
  id: z.string().optional(),
  filename: BackupFilename,
  /** `confirmed`: the former state was let go, so what the restore brought stays. */
  phase: z.enum(["open", "confirmed"]),
  /** Keys that the store did not have. */
  added: z.array(z.string()),
  /** Keys that the store had with other bytes. */
  replaced: z.array(z.string()),
  /** Id of the installation whose state is let go by a confirmation, where that is another one. */
  formerId: z.string().optional(),
});
export type RestoreNote = z.infer<typeof RestoreNote>;

/** The id of the restore that began then, as a part of a key. */
export const restoreId = (startedAt: string): string => startedAt.replaceAll(/[^0-9A-Za-z]/g, "-");

/** Whether a word is of this restore. */
export const isNoteOf = (note: RestoreNote, id: string | null): boolean =>
  note.id === undefined || note.id === id;

interface TakingBack {
  /** Whether the backup was in place, so that files of it may be in the place of former ones. */
  wasInPlace: boolean;
  /** Whether a record of the state that counts names the key: then the file stays. */
  isNamed: (key: string) => Promise<boolean>;
}

/**
 * The files of the store while a backup takes their place. What is done to them is written down before, in a place
 * that is no part of the store; the database knows by itself whether the backup is in place. With both, any process
 * can finish or take back the rest.
 *
 * A process may stand still while its lock is lost, and go on when another one has settled its restore: no lock is
 * relied on, and each of these may be done again, also by two processes at once.
 */
export interface RestoreFiles {
  readonly storage: Storage;
  /** How many files may well be compared at once, or brought in. */
  readonly lanes: { compare: number; bringIn: number };
  /** Whether the store lacks a file of the backup, or has other bytes under its key; null: it has it. */
  howItDiffers(
    file: Pick<RestoredFile, "key" | "bytes" | "sha256">,
    signal: AbortSignal,
  ): Promise<"added" | "replaced" | null>;
  /** How many bytes of the local disk it takes to bring files in. */
  localBytes(files: { bytes: number; largestBytes: number }): number;
  /** A local folder for the dump. */
  openScratch(): Promise<{ path: string; dispose(): Promise<void> }>;
  /** Takes files of the backup in, for the restore of this id; the store itself stays as it is. */
  arrivals(id: string): TakeFile;
  /**
   * The first word of a restore, before the store is changed. Rejects where that of another one is in the way, which
   * has begun since the lock was lost.
   */
  begin(note: RestoreNote, signal: AbortSignal): Promise<void>;
  /** Another phase of it; writes nothing where it is that already, so that a full disk keeps nobody from it. */
  turn(note: RestoreNote, phase: RestoreNote["phase"], formerId?: string): Promise<void>;
  /** The words of restores: of one, as a rule; what a process that stood still has written comes beside it. */
  notes(): Promise<RestoreNote[]>;
  /** Puts in place what the store lacks: harmless before the backup is in place, for nothing names it. */
  placeAdded(note: RestoreNote, signal: AbortSignal): Promise<void>;
  /** Puts files in the place of others, which are kept; once the backup is in place. */
  placeReplaced(note: RestoreNote, signal: AbortSignal): Promise<void>;
  /** Whether a file of a backup that is in place still waits for it. */
  isArrivalLeft(note: RestoreNote): Promise<boolean>;
  /** The store as it was before this restore. */
  takeBack(note: RestoreNote, how: TakingBack, signal: AbortSignal): Promise<void>;
  /** Forgets a restore with all that is kept for it; all restores without a word. */
  forget(note?: RestoreNote): Promise<void>;
}
