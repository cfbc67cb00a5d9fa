import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { makeCutout } from "../../api/generations.ts";
import { queryKeys } from "../../api/query-keys.ts";
import { useDebounced } from "../../hooks/use-debounced.ts";
import type { PhotoDraft } from "./photo-drafts.ts";
import { scalePhoto } from "./photo-file.ts";

/** Enough to judge an outline, and quick to send. */
const PREVIEW_SIDE_PX = 1024;
const SETTLE_MS = 400;

let last: Promise<unknown> = Promise.resolve();

/** One after another: the built-in generator looks at one photo at a time. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const result = last.then(task, task);
  last = result.catch(() => undefined);
  return result;
}

/** What the local generator would cut out of the photo, asked again when the box has come to rest. */
export function useCutout({ id, file, box }: PhotoDraft, enabled: boolean) {
  const settledBox = useDebounced(box, SETTLE_MS);
  return useQuery({
    queryKey: queryKeys.cutout(id, settledBox),
    queryFn: ({ signal }) =>
      inTurn(async () => {
        signal.throwIfAborted();
        return makeCutout(await scalePhoto(file, PREVIEW_SIDE_PX), settledBox, signal);
      }),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}
