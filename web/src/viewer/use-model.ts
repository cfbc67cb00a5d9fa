import { useEffect, useState } from "react";
import { readyModel, takeEarly } from "./early-model.ts";
import type { LoadOptions, LoadProgress } from "./fetch-model.ts";
import { type LoadedModel, loadModel, makeModel } from "./load-model.ts";
import type { ViewerProps } from "./viewer.tsx";
import { toViewerError, type ViewerError } from "./viewer-error.ts";

export type ModelState =
  | { status: "loading"; progress: LoadProgress }
  | { status: "ready"; model: LoadedModel }
  | { status: "failed"; error: ViewerError };

const START: ModelState = { status: "loading", progress: { bytes: 0, fraction: null } };

/** As loadModel; goes on with what was begun before the viewer was there. */
function loadOrGoOn(
  url: string,
  options: LoadOptions,
): { model?: LoadedModel; loading: Promise<LoadedModel> } {
  const early = takeEarly(url);
  if (!early) return { loading: loadModel(url, options) };
  early.onProgress = options.onProgress;
  options.signal.addEventListener("abort", () => early.abort.abort(), { once: true });
  const loading = early.making ?? early.file.then((file) => makeModel(file, early.abort.signal));
  return { loading, ...(early.model && { model: early.model }) };
}

/**
 * Loads the model of `url`, again at each new `attempt`, and frees it when it is no longer shown. With a `preview` it is
 * that file's, unless it can't be had.
 */
export function useModel(
  { url, bytes, preview }: Pick<ViewerProps, "url" | "bytes" | "preview">,
  attempt: number,
): ModelState {
  const first = preview ?? { url, bytes };
  const [state, setState] = useState<ModelState>(() => {
    const model = readyModel(first.url);
    return model ? { status: "ready", model } : START;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads the same address again
  useEffect(() => {
    const abort = new AbortController();
    const options = {
      signal: abort.signal,
      onProgress: (progress: LoadProgress) =>
        !abort.signal.aborted && setState({ status: "loading", progress }),
    };
    const { model: ready, loading: begun } = loadOrGoOn(first.url, { ...options, bytes: first.bytes });
    const loading = begun.catch((error) => {
      if (abort.signal.aborted || first.url === url) throw error;
      return loadModel(url, { ...options, bytes });
    });
    let model = ready;
    if (!ready) {
      setState(START);
      loading.then(
        (loaded) => {
          if (abort.signal.aborted) return loaded.dispose();
          model = loaded;
          setState({ status: "ready", model: loaded });
        },
        (error: unknown) => {
          if (!abort.signal.aborted) setState({ status: "failed", error: toViewerError(error) });
        },
      );
    }
    return () => {
      abort.abort();
      model?.dispose();
    };
  }, [url, bytes, first.url, first.bytes, attempt]);

  return state;
}
