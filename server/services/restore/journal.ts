import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { BackupFilename } from "../../contract/backup.ts";
import { syncFolder } from "../../storage/durable-file.ts";
import { hasCode } from "../../system-errors.ts";

const Note = z.object({
  filename: BackupFilename,
  /** `confirmed`: the former state was let go, so what the restore brought stays. */
  phase: z.enum(["open", "confirmed"]),
  /** Keys that the store did not have. */
  added: z.array(z.string()),
  /** Keys that the store had with other bytes. */
  replaced: z.array(z.string()),
});
export type RestoreNote = z.infer<typeof Note>;

/**
 * What a restore does to the store, written down before it is done, in a folder of the store that is no part of it. The
 * database knows by itself whether the backup is in place; with both every start can finish or take back the rest.
 */
export interface RestoreJournal {
  /** Where files of the backup wait; the names are those in the store. */
  incoming: string;
  /** Where files that had to give way are kept. */
  outgoing: string;
  write(note: RestoreNote): Promise<void>;
  read(): Promise<RestoreNote | null>;
  remove(): Promise<void>;
}

/** The folder's name begins with a dot: nothing of it is listed, swept or backed up. */
export function openJournal(uploads: string): RestoreJournal {
  const folder = path.join(path.resolve(uploads), ".restore");
  const file = path.join(folder, "journal.json");
  return {
    incoming: path.join(folder, "incoming"),
    outgoing: path.join(folder, "outgoing"),
    async write(note) {
      await mkdir(folder, { recursive: true });
      const handle = await open(`${file}.part`, "w");
      try {
        await handle.writeFile(JSON.stringify(Note.parse(note)));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${file}.part`, file);
      await syncFolder(folder);
    },
    async read() {
      try {
        return Note.parse(JSON.parse(await readFile(file, "utf8")));
      } catch (error) {
        if (hasCode(error, "ENOENT")) return null;
        throw error;
      }
    },
    async remove() {
      // The journal last: without it nobody knows what else is to be cleared away.
      for (const part of ["incoming", "outgoing", ""]) {
        await rm(path.join(folder, part), { recursive: true, force: true });
      }
    },
  };
}
