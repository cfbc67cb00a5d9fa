import { intoFolder } from "../../backup/restore-files.ts";
import { createDiskStorage } from "../../storage/disk.ts";
import { openJournal } from "./journal.ts";
import { howItDiffers, isArrivalLeft, placeAdded, placeReplaced, takeBackFiles } from "./place-files.ts";
import type { RestoreFiles } from "./restore-files.ts";

/** Restoring into a store that is a folder: files change places by renames and hard links, within `.restore` there. */
export function createDiskRestoreFiles(root: string): RestoreFiles {
  const journal = openJournal(root);
  return {
    storage: createDiskStorage({ root }),
    lanes: { compare: 1, bringIn: 1 },
    howItDiffers: (file, signal) => howItDiffers(root, file, signal),
    localBytes: ({ bytes }) => bytes,
    openScratch: async () => ({ path: journal.folder, dispose: async () => undefined }),
    arrivals: () => intoFolder(journal.incoming),
    begin: (note) => journal.begin(note),
    turn: journal.turn,
    async notes() {
      const note = await journal.read();
      // There is never more than one, and it is that of the restore that is under way or in place.
      return note ? [{ ...note, id: undefined }] : [];
    },
    placeAdded: (note, signal) => placeAdded(root, journal, note, signal),
    placeReplaced: (note, signal) => placeReplaced(root, journal, note, signal),
    isArrivalLeft: async (note) => isArrivalLeft(journal, note),
    takeBack: (note, { isNamed }, signal) => takeBackFiles(root, journal, note, isNamed, signal),
    forget: () => journal.remove(),
  };
}
