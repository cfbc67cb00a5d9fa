import type { Generation as GenerationView } from "../contract/generation.ts";
import type { Preset } from "../contract/provider.ts";
import { AppError } from "../errors.ts";
import type { Locale } from "../http/locale.ts";
import { ERROR_WORDS } from "../http/problem.ts";
import type { Generation, StoredError } from "../models/generation.ts";
import type { ProviderWait } from "../models/provider-waits.ts";
import type { Spending } from "../models/spending.ts";
import type { Network } from "../providers/provider.ts";
import { KEPT_DAYS } from "../services/kept-results.ts";
import { retryOf } from "../services/retry-way.ts";

const DAY_MS = 86_400_000;

const iso = (date: Date | null) => date?.toISOString() ?? null;

interface Surroundings {
  network: Network | undefined;
  queuePosition: number | null;
  /** Of the generation's provider. */
  wait: ProviderWait | null;
  /** Whether the provider takes no money. */
  isFree: boolean;
  locale: Locale;
}

/** A generation as clients see it. `generation` carries its photo and, where there is one, its model's id. */
export function presentGeneration(generation: Generation, around: Surroundings): GenerationView {
  const { photo } = generation;
  if (!photo) throw new Error("A generation is presented with its photo");
  const pause = pauseOf(generation, around.wait);
  const seconds = typicalSeconds(generation, around.network);
  return {
    id: generation.id,
    status: generation.status,
    stage: generation.stage,
    progress: generation.progress === null ? null : Math.round(generation.progress),
    queuePosition: around.queuePosition,
    etaSeconds: pause ? null : etaSeconds(generation, seconds, around.queuePosition),
    provider: generation.provider,
    network: generation.network,
    preset: generation.preset,
    params: generation.params,
    name: generation.name,
    tags: generation.tags,
    dimensions: generation.dimensions && {
      unit: generation.dimensions.unit,
      ...(generation.dimensions.length && { length: generation.dimensions.length }),
      ...(generation.dimensions.width && { width: generation.dimensions.width }),
      ...(generation.dimensions.height && { height: generation.dimensions.height }),
    },
    photo: {
      url: `/api/v1/generations/${generation.id}/photo`,
      width: photo.width,
      height: photo.height,
      bytes: photo.bytes,
      mediaType: photo.mediaType,
    },
    modelId: generation.model?.id ?? null,
    ...presentMoney(generation.spendings ?? []),
    ...presentKept(generation),
    pause: pause && presentPause(pause, around.locale),
    error: generation.error && !pause ? presentError(generation.error, around.locale) : null,
    retry: retryOf(generation, around.isFree),
    attempts: generation.attempts,
    tries: triesOf(generation),
    createdAt: generation.createdAt.toISOString(),
    updatedAt: generation.updatedAt.toISOString(),
    startedAt: iso(generation.startedAt),
    finishedAt: iso(generation.finishedAt),
  };
}

function presentKept({ status, rescuedAt }: Generation) {
  if (status !== "canceled" || !rescuedAt) return { keptResult: false, keptUntil: null };
  return { keptResult: true, keptUntil: new Date(rescuedAt.getTime() + KEPT_DAYS * DAY_MS).toISOString() };
}

/** Each time that a person starts paid work it is reserved anew, from its next attempt on. */
const triesOf = ({ attempts, spendings = [] }: Generation) =>
  Math.max(0, attempts + 1 - Math.max(1, ...spendings.map(({ firstAttempt }) => firstAttempt)));

const sumOf = (amounts: (string | null)[]) => {
  const known = amounts.filter((amount) => amount !== null);
  return known.length > 0
    ? known.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0) / 100
    : null;
};

const presentMoney = (spendings: Spending[]) => ({
  cost: sumOf(spendings.map(({ cost }) => cost)),
  expectedCost: sumOf(
    spendings
      .filter(({ cost, state }) => cost === null && state !== "released")
      .map(({ expectedRoubles }) => expectedRoubles),
  ),
});

type Pause = StoredError & { until: Date };

/** What waits: the whole provider, or the next try with a result that could not be had. */
function pauseOf(
  { status, error, wakeAt, keySource }: Generation,
  around: ProviderWait | null,
): Pause | null {
  const wait = keySource === "own" && around?.isOfService ? null : around;
  if (wait && (status === "queued" || (status === "processing" && wait.holds === "all"))) {
    return { code: wait.code, until: wait.until };
  }
  return status === "finishing" && error && wakeAt ? { ...error, until: wakeAt } : null;
}

export function presentPause({ until, ...error }: Pause, locale: Locale) {
  const { code, message, suggestion } = presentError(error, locale);
  return { code, message, suggestion, until: until.toISOString() };
}

function presentError(stored: StoredError, locale: Locale) {
  const error = new AppError(stored.code, { detail: stored.detail });
  return {
    code: error.code,
    message: error.detail[locale],
    retryable: error.entry.retryable,
    suggestion: ERROR_WORDS[locale][error.code].suggestion ?? null,
  };
}

const typicalSeconds = ({ preset }: Generation, network: Network | undefined) =>
  network?.typicalSeconds[(preset ?? "standard") as Preset] ?? null;

/** Below this percentage the pace so far says little. */
const TELLING_PROGRESS = 20;

/** An honest guess: by the pace so far where there is one, else the network's typical time less what has passed. */
function etaSeconds(generation: Generation, typical: number | null, position: number | null): number | null {
  if (typical === null) return null;
  const { status, startedAt, progress } = generation;
  if (status === "queued") return Math.round(typical * (position ?? 1));
  if (!startedAt || !["submitting", "processing", "finishing"].includes(status)) return null;
  const passed = (Date.now() - startedAt.getTime()) / 1000;
  const left =
    progress !== null && progress >= TELLING_PROGRESS
      ? (passed * (100 - progress)) / progress
      : typical - passed;
  return Math.max(2, Math.round(left));
}
