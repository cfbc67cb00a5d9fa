import { useEffect, useRef, useState } from "react";
import { savesData } from "../hooks/saves-data.ts";
import { fetchFullPictures } from "./full-pictures.ts";
import type { LoadedModel } from "./load-model.ts";

/**
 * Gives a model that was loaded with small textures its full ones, out of the GLB at `url`; then `redraw` is called.
 * Where they can't be had, the small ones stay until the network was away and is back. Who saves data gets them only to
 * look closely.
 * @param model null until it was drawn
 */
export function useFullTextures(
  model: LoadedModel | null,
  url: string,
  isCloseUp: boolean,
  redraw: () => void,
): void {
  const [isWanted, setWanted] = useState(() => !savesData());
  if (isCloseUp && !isWanted) setWanted(true);
  const latest = useRef(redraw);
  latest.current = redraw;

  useEffect(() => {
    const full = model?.full;
    if (!isWanted || !full) return;
    const abort = new AbortController();
    const load = () =>
      fetchFullPictures(url, full.places, abort.signal).then(
        (pictures) => {
          if (abort.signal.aborted) return closeAll(pictures);
          full.take(pictures);
          latest.current();
        },
        () => addEventListener("online", load, { once: true, signal: abort.signal }),
      );
    void load();
    return () => abort.abort();
  }, [model, url, isWanted]);
}

function closeAll(pictures: ReadonlyMap<number, ImageBitmap>): void {
  for (const picture of pictures.values()) picture.close();
}
