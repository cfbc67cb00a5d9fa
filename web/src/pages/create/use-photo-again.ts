import { useEffect } from "react";
import { useSearchParams } from "wouter";
import type { Box, Generation } from "../../../../server/contract/generation.ts";
import { noAnswer, toApiError } from "../../api/api-error.ts";
import { getGeneration } from "../../api/generations.ts";
import { send } from "../../api/send.ts";
import { describeError } from "../../components/describe-error.ts";
import { showToast } from "../../components/toasts.ts";
import { translator } from "../../i18n/use-i18n.ts";
import { EXTENTS, type Measurement } from "./measurement.ts";
import { modelOptions, PRESETS } from "./model-options.ts";
import { addPhotos, NO_MEASUREMENT } from "./photo-drafts.ts";

async function fetchPhoto({ photo, name }: Generation, signal: AbortSignal): Promise<File> {
  const response = await send(photo.url, { signal }).catch((error: unknown) => {
    throw signal.aborted ? error : noAnswer();
  });
  if (!response.ok)
    throw toApiError(response.status, await response.text(), (name) => response.headers.get(name));
  return new File([await response.blob()], name, { type: photo.mediaType });
}

function measured({ dimensions }: Generation): Measurement {
  const extent = EXTENTS.find((side) => dimensions?.[side]);
  return dimensions && extent
    ? { text: String(dimensions[extent]), extent, unit: dimensions.unit }
    : NO_MEASUREMENT;
}

function isBox(value: unknown): value is Box {
  return typeof value === "object" && value !== null && "width" in value;
}

async function takeAgain(id: string, signal: AbortSignal): Promise<void> {
  const generation = await getGeneration(id, signal);
  const file = await fetchPhoto(generation, signal);
  const { name, params, provider, network } = generation;
  const isSetting = ([, value]: [string, unknown]) => !isBox(value) && value !== null;
  const preset = PRESETS.find((known) => known === generation.preset) ?? "standard";
  addPhotos([file], {
    name,
    measurement: measured(generation),
    box: Object.values(params).find(isBox) ?? null,
  });
  modelOptions.update(() => ({
    providerId: provider,
    networkId: network,
    preset,
    params: Object.fromEntries(Object.entries(params).filter(isSetting)),
  }));
}

/** With `?again=ID` in the address: the photo and the settings of that generation, to be changed and sent again. */
export function usePhotoAgain(): void {
  const [search, setSearch] = useSearchParams();
  const id = search.get("again");
  useEffect(() => {
    if (!id) return;
    const abort = new AbortController();
    takeAgain(id, abort.signal)
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        const { title, hint } = describeError(error, translator());
        showToast({ title, description: hint, tone: "error" });
      })
      .finally(() => {
        if (!abort.signal.aborted) setSearch({}, { replace: true });
      });
    return () => abort.abort();
  }, [id, setSearch]);
}
