import { useEffect, useState } from "react";
import { type LoadedModel, type LoadProgress, loadModel } from "./load-model.ts";
import { toViewerError, type ViewerError } from "./viewer-error.ts";

export type ModelState =
  | { status: "loading"; progress: LoadProgress }
  | { status: "ready"; model: LoadedModel }
  | { status: "failed"; error: ViewerError };

const START: ModelState = { status: "loading", progress: { bytes: 0, fraction: null } };

/** Loads `url`, again at each new `attempt`, and frees the model when it is no longer shown. */
export function useModel(url: string, bytes: number | undefined, attempt: number): ModelState {
  const [state, setState] = useState<ModelState>(START);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads the same address again
  useEffect(() => {
    const abort = new AbortController();
    let model: LoadedModel | undefined;
    setState(START);
    loadModel(url, {
      bytes,
      signal: abort.signal,
      onProgress: (progress) => !abort.signal.aborted && setState({ status: "loading", progress }),
    }).then(
      (loaded) => {
        if (abort.signal.aborted) return loaded.dispose();
        model = loaded;
        setState({ status: "ready", model: loaded });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ status: "failed", error: toViewerError(error) });
      },
    );
    return () => {
      abort.abort();
      model?.dispose();
    };
  }, [url, bytes, attempt]);

  return state;
}
