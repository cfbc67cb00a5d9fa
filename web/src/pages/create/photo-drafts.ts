import type { Box } from "../../../../server/contract/generation.ts";
import type { ApiError } from "../../api/api-error.ts";
import { createStore } from "../../hooks/store.ts";
import type { Measurement } from "./measurement.ts";
import { looksLikePicture, nameFromFile, readPhotoSize } from "./photo-file.ts";
import type { PixelSize } from "./photo-size.ts";
import { randomId } from "./random-id.ts";

/** Where a photo is on its way to the server. */
export type Sending =
  | { state: "draft" | "waiting" | "preparing" | "arrived" }
  | { state: "sending"; fraction: number }
  | { state: "failed"; error: ApiError }
  | { state: "sent"; generationId: string };

/** A photo that was given but is not a generation yet, with what was said about it. */
export interface PhotoDraft {
  id: string;
  file: File;
  previewUrl: string;
  /** "reading" at first; null where this browser cannot show the photo. */
  size: PixelSize | "reading" | null;
  name: string;
  keepOriginal: boolean;
  box: Box | null;
  measurement: Measurement;
  sending: Sending;
}

/** The drafts live outside of the view, so that looking elsewhere loses nothing. */
export const photoDrafts = createStore<readonly PhotoDraft[]>([]);

export function findDraft(id: string): PhotoDraft | undefined {
  return photoDrafts.get().find((draft) => draft.id === id);
}

export function changeDraft(id: string, change: Partial<PhotoDraft>): void {
  photoDrafts.update((drafts) => drafts.map((draft) => (draft.id === id ? { ...draft, ...change } : draft)));
}

export function removeDraft(id: string): void {
  const draft = findDraft(id);
  if (draft) URL.revokeObjectURL(draft.previewUrl);
  photoDrafts.update((drafts) => drafts.filter((other) => other.id !== id));
}

/** Whether the photo can still be changed: it is neither being sent nor sent. */
export function isEditable({ sending }: PhotoDraft): boolean {
  return sending.state === "draft" || sending.state === "failed";
}

export const NO_MEASUREMENT: Measurement = { text: "", extent: "height", unit: "cm" };

/**
 * Takes in the pictures among `files`, with what is known of them already.
 * @returns how many were taken, and the files that are not pictures
 */
export function addPhotos(
  files: readonly File[],
  known: Partial<Pick<PhotoDraft, "name" | "measurement" | "box">> = {},
): { added: number; refused: readonly File[] } {
  const pictures = files.filter(looksLikePicture);
  const drafts = pictures.map(
    (file): PhotoDraft => ({
      id: randomId(),
      file,
      previewUrl: URL.createObjectURL(file),
      size: "reading",
      name: nameFromFile(file.name),
      keepOriginal: false,
      box: null,
      measurement: NO_MEASUREMENT,
      sending: { state: "draft" },
      ...known,
    }),
  );
  photoDrafts.update((before) => [...before, ...drafts]);
  for (const { id, previewUrl } of drafts)
    void readPhotoSize(previewUrl).then((size) => changeDraft(id, { size }));
  return { added: drafts.length, refused: files.filter((file) => !looksLikePicture(file)) };
}
