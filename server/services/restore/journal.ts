import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "../../storage/durable-file.ts";
import { hasCode, rethrowDiskFull } from "../../system-errors.ts";
import { linkOnce } from "./link-once.ts";
import { RestoreNote } from "./restore-files.ts";

/**
 * What a restore does to the store, written down before it is done, in a folder of the store that is no part of it.
 */
export interface RestoreJournal {
  folder: string;
  /** Where files of the backup wait; the names are those in the store. */
  incoming: string;
  /** Where files that had to give way are kept. */
  outgoing: string;
  /** The first word of a restore. Rejects where there is one of another, which has begun since the lock was lost. */
  begin(note: RestoreNote): Promise<void>;
  /** Another phase of it; writes nothing where it is that already, so that a full disk keeps nobody from it. */
  turn(note: RestoreNote, phase: RestoreNote["phase"], formerId?: string): Promise<void>;
  read(): Promise<RestoreNote | null>;
  remove(): Promise<void>;
}

/** The folder's name begins with a dot: nothing of it is listed, swept or backed up. */
export function openJournal(uploads: string): RestoreJournal {
  const folder = path.join(path.resolve(uploads), ".restore");
  const file = path.join(folder, "journal.json");
  /** Writes it beside, and gives it its name by `place`. */
  async function put(note: RestoreNote, place: (part: string) => Promise<void>): Promise<void> {
    const part = `${file}.${randomUUID()}`;
    try {
      await mkdir(folder, { recursive: true });
      const handle = await open(part, "wx");
      try {
        await handle.writeFile(JSON.stringify(RestoreNote.parse(note)));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await place(part);
      await syncFolder(folder);
    } catch (error) {
      rethrowDiskFull(error);
    } finally {
      await rm(part, { force: true });
    }
  }
  return {
    folder,
    incoming: path.join(folder, "incoming"),
    outgoing: path.join(folder, "outgoing"),
    begin: (note) =>
      put(note, async (part) => {
        const made = await linkOnce(part, file);
        if (made === "taken")
          throw new Error("Another restore has begun since, for this one's lock was lost.");
        if (made === "unable") await rename(part, file);
      }),
    async turn(note, phase, formerId) {
      if (note.phase === phase && note.formerId === formerId) return;
      await put({ ...note, phase, formerId }, (part) => rename(part, file));
    },
    async read() {
      try {
        return RestoreNote.parse(JSON.parse(await readFile(file, "utf8")));
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
