import type { Generation } from "../../../../server/contract/generation.ts";
import { ApiError } from "../../api/api-error.ts";
import { createGeneration, type NewGeneration } from "../../api/generations.ts";
import { toDimensions } from "./measurement.ts";
import { boxParam, type Engine, type ModelOptions } from "./model-options.ts";
import { changeDraft, findDraft, type PhotoDraft, removeDraft, type Sending } from "./photo-drafts.ts";
import { scalePhoto } from "./photo-file.ts";
import { randomId } from "./random-id.ts";

const UPLOADS_AT_ONCE = 2;

/** The server's code for a photo that was paid for a short while ago; sent again, it is paid for again. */
export const DUPLICATE = "duplicate-generation";

/** What was sent last for a photo: sent again unchanged, it keeps its key, so that no second model is made. */
interface Attempt {
  fingerprint: string;
  idempotencyKey: string;
  photo: Blob;
}

interface Order {
  id: string;
  engine: Engine;
  options: ModelOptions;
  onDuplicate: NewGeneration["onDuplicate"];
  onSent: (generation: Generation) => void;
}

const attempts = new Map<string, Attempt>();
const aborts = new Map<string, AbortController>();
const waiting: Order[] = [];
let active = 0;

function setSending(id: string, sending: Sending): void {
  changeDraft(id, { sending });
}

function describe(draft: PhotoDraft, { engine, options, onDuplicate }: Order): Omit<NewGeneration, "photo"> {
  const { provider, network } = engine;
  const boxName = boxParam(network);
  return {
    fileName: draft.file.name || "photo",
    name: draft.name.trim(),
    provider: provider.id,
    network: network.id,
    preset: options.preset,
    params: { ...options.params, ...(draft.box && boxName && { [boxName]: draft.box }) },
    dimensions: toDimensions(draft.measurement),
    onDuplicate,
  };
}

async function prepare(draft: PhotoDraft, fields: Omit<NewGeneration, "photo">): Promise<Attempt> {
  const fingerprint = JSON.stringify([fields, draft.keepOriginal]);
  const last = attempts.get(draft.id);
  if (last?.fingerprint === fingerprint) return last;
  const photo = draft.keepOriginal ? draft.file : await scalePhoto(draft.file);
  const attempt = { fingerprint, idempotencyKey: randomId(), photo };
  attempts.set(draft.id, attempt);
  return attempt;
}

async function send(order: Order): Promise<void> {
  const draft = findDraft(order.id);
  if (!draft) return;
  const { id } = draft;
  const abort = new AbortController();
  aborts.set(id, abort);
  try {
    setSending(id, { state: "preparing" });
    const fields = describe(draft, order);
    const { photo, idempotencyKey } = await prepare(draft, fields);
    abort.signal.throwIfAborted();
    const onProgress = (fraction: number) =>
      setSending(id, fraction < 1 ? { state: "sending", fraction } : { state: "arrived" });
    const generation = await createGeneration(
      { ...fields, photo },
      { idempotencyKey, signal: abort.signal, onProgress },
    );
    attempts.delete(id);
    setSending(id, { state: "sent", generationId: generation.id });
    order.onSent(generation);
  } catch (error) {
    const canceled = new ApiError(0, abort.signal.aborted ? "canceled" : "unexpected", "", true);
    setSending(id, { state: "failed", error: error instanceof ApiError ? error : canceled });
  } finally {
    aborts.delete(id);
  }
}

function pump(): void {
  while (active < UPLOADS_AT_ONCE) {
    const order = waiting.shift();
    if (!order) return;
    active += 1;
    void send(order).finally(() => {
      active -= 1;
      pump();
    });
  }
}

/** Sends photos, a few at a time; `onSent` is called for each that became a generation. */
export function sendPhotos(
  ids: readonly string[],
  engine: Engine,
  options: ModelOptions,
  onSent: (generation: Generation) => void,
): void {
  for (const id of ids) {
    const last = findDraft(id)?.sending;
    const wasAsked = last?.state === "failed" && last.error.code === DUPLICATE;
    setSending(id, { state: "waiting" });
    waiting.push({ id, engine, options, onDuplicate: wasAsked ? "create" : "ask", onSent });
  }
  pump();
}

/** Stops a photo on its way; it can be sent again. */
export function stopSending(id: string): void {
  const index = waiting.findIndex((order) => order.id === id);
  if (index >= 0) {
    waiting.splice(index, 1);
    setSending(id, { state: "draft" });
  }
  aborts.get(id)?.abort();
}

/** Forgets photos and all that belongs to them. */
export function dropPhotos(ids: readonly string[]): void {
  for (const id of ids) {
    stopSending(id);
    attempts.delete(id);
    removeDraft(id);
  }
}
