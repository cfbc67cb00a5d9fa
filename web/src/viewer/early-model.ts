import { fetchModel, type LoadOptions, type ModelFile } from "./fetch-model.ts";
import type { LoadedModel } from "./load-model.ts";

/** A model that is being loaded before there is a viewer that asks for it. */
interface EarlyModel {
  url: string;
  abort: AbortController;
  onProgress: LoadOptions["onProgress"];
  file: Promise<ModelFile>;
  /** Where its making has begun. */
  making?: Promise<LoadedModel>;
  /** Where it is made. */
  model?: LoadedModel;
}

let early: EarlyModel | null = null;

/** Begins to fetch the model that the page is going to show; needs nothing of three.js. */
export function beginFile(url: string): void {
  const abort = new AbortController();
  const onProgress: LoadOptions["onProgress"] = (progress) => begun.onProgress(progress);
  const file = fetchModel(url, { signal: abort.signal, onProgress });
  file.catch(() => undefined);
  const begun: EarlyModel = { url, abort, file, onProgress: () => undefined };
  early = begun;
}

/** Goes on to make what was fetched. Resolves when that has ended in one way or another. */
export async function beginModel(
  make: (file: ModelFile, signal: AbortSignal) => Promise<LoadedModel>,
): Promise<void> {
  const begun = early;
  if (!begun) return;
  begun.making = begun.file.then((file) => make(file, begun.abort.signal));
  try {
    begun.model = await begun.making;
  } catch {
    // The viewer that takes it tells the visitor.
  }
}

/** The model of this address where it is made already. */
export const readyModel = (url: string): LoadedModel | null => (early?.url === url && early.model) || null;

/** What was begun for this address, once; what was begun for another one is given up. */
export function takeEarly(url: string): EarlyModel | null {
  const begun = early;
  early = null;
  if (!begun || begun.url === url) return begun;
  begun.abort.abort();
  begun.making?.then(({ dispose }) => dispose()).catch(() => undefined);
  return null;
}
