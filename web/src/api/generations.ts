import type { z } from "zod";
import type { DimensionsInput } from "../../../server/contract/common.ts";
import type {
  Box,
  CancelAnswer as CancelAnswerSchema,
  Cutout,
  Generation,
  GenerationPage as GenerationPageSchema,
  GenerationStatus,
} from "../../../server/contract/generation.ts";
import type { ParamValues, Preset, ProviderId } from "../../../server/contract/provider.ts";
import { API, query, request } from "./client.ts";
import { upload } from "./upload.ts";

export type GenerationPage = z.infer<typeof GenerationPageSchema>;
export type CancelAnswer = z.infer<typeof CancelAnswerSchema>;

export interface NewGeneration {
  photo: Blob;
  fileName: string;
  name: string;
  provider: ProviderId;
  network: string;
  preset: Preset;
  params: ParamValues;
  dimensions: DimensionsInput | null;
  /** `ask`: the server refuses what was paid for a short while ago. */
  onDuplicate: "ask" | "create";
}

interface SendOptions {
  idempotencyKey: string;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

function toForm(generation: NewGeneration): FormData {
  const form = new FormData();
  const { name, provider, network, preset, params, dimensions, onDuplicate } = generation;
  for (const [field, value] of Object.entries({ name, provider, network, preset, onDuplicate })) {
    if (value) form.append(field, value);
  }
  if (Object.keys(params).length) form.append("params", JSON.stringify(params));
  if (dimensions) form.append("dimensions", JSON.stringify(dimensions));
  form.append("photo", generation.photo, generation.fileName);
  return form;
}

/** Sends a photo. The same key with the same content answers the first generation again. */
export function createGeneration(generation: NewGeneration, options: SendOptions): Promise<Generation> {
  const { idempotencyKey, ...rest } = options;
  const headers = { "Idempotency-Key": idempotencyKey };
  return upload(`${API}/generations`, toForm(generation), { ...rest, headers });
}

export function getGeneration(id: string, signal?: AbortSignal): Promise<Generation> {
  return request(`${API}/generations/${id}`, signal ? { signal } : {});
}

export function listGenerations(
  statuses: readonly GenerationStatus[],
  signal?: AbortSignal,
): Promise<GenerationPage> {
  const search = query({ status: statuses.join(","), limit: 100 });
  return request(`${API}/generations${search}`, signal ? { signal } : {});
}

export function cancelGeneration(id: string): Promise<CancelAnswer> {
  return request(`${API}/generations/${id}/cancel`, { method: "POST" });
}

/** `shown` is what the person was told that a retry does: nothing else is done. */
export function retryGeneration(id: string, shown: Generation["retry"]): Promise<Generation> {
  const body = shown ? { way: shown.way, acceptSecondCharge: shown.mayCost } : {};
  return request(`${API}/generations/${id}/retry`, { method: "POST", body });
}

/** The local generator's cut-out of a photo; `box` limits where it looks for the object. */
export function makeCutout(photo: Blob, box: Box | null, signal?: AbortSignal): Promise<Cutout> {
  const form = new FormData();
  if (box) form.append("box", JSON.stringify(box));
  form.append("photo", photo, "photo");
  return request(`${API}/cutouts`, { method: "POST", body: form, ...(signal && { signal }) });
}
