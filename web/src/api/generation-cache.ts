import type { QueryClient } from "@tanstack/react-query";
import type { Generation, GenerationStatus } from "../../../server/contract/generation.ts";
import type { GenerationPage } from "./generations.ts";
import { queryKeys } from "./query-keys.ts";

/** States in which something may still happen by itself or by the visitor's decision. */
export const RUNNING_STATUSES: readonly GenerationStatus[] = [
  "queued",
  "submitting",
  "processing",
  "finishing",
  "needs-confirmation",
];

export function isRunning(generation: Generation): boolean {
  return RUNNING_STATUSES.includes(generation.status);
}

/** The list with the newer state in it: replaced in its place, added at the top, or gone when no longer running. */
export function mergeRunning(items: readonly Generation[], changed: Generation): Generation[] {
  if (!isRunning(changed)) return items.filter((item) => item.id !== changed.id);
  if (!items.some((item) => item.id === changed.id)) return [changed, ...items];
  return items.map((item) => (item.id === changed.id ? changed : item));
}

/**
 * Takes a generation's new state into everything remembered of it; a state older than the remembered one is left out.
 * @returns the state before, where it was known
 */
export function rememberGeneration(client: QueryClient, changed: Generation): Generation | undefined {
  const key = queryKeys.generation(changed.id);
  const running = client.getQueryData<GenerationPage>(queryKeys.runningGenerations);
  const before =
    client.getQueryData<Generation>(key) ?? running?.items.find((item) => item.id === changed.id);
  if (before && before.updatedAt > changed.updatedAt) return before;
  client.setQueryData(key, changed);
  if (running) {
    const items = mergeRunning(running.items, changed);
    client.setQueryData<GenerationPage>(queryKeys.runningGenerations, { ...running, items });
  }
  if (before?.cost !== changed.cost || before?.expectedCost !== changed.expectedCost) {
    void client.invalidateQueries({ queryKey: queryKeys.providers });
  }
  if (changed.status === "succeeded" && before?.status !== "succeeded") {
    void client.invalidateQueries({ queryKey: queryKeys.models });
  }
  return before;
}

type KnownStates = ReadonlySet<Generation | undefined>;

function knownStates(client: QueryClient): KnownStates {
  const known = client.getQueriesData<Generation>({ queryKey: queryKeys.singleGenerations });
  return new Set(known.map(([, state]) => state));
}

/**
 * News can overtake an answer that is on its way: only then do the times of the two decide. What was known before the
 * request was sent is never newer than the answer, though its time may be: `updatedAt` is when a transaction began,
 * and the server's clock can be set back.
 */
function newest(client: QueryClient, read: Generation, sentWith: KnownStates): Generation {
  const known = client.getQueryData<Generation>(queryKeys.generation(read.id));
  const hasOvertaken = known && !sentWith.has(known);
  return hasOvertaken && known.updatedAt > read.updatedAt ? known : read;
}

/** Asks for a generation. @returns the answer, or the news that has overtaken it */
export async function readNewest(client: QueryClient, ask: () => Promise<Generation>): Promise<Generation> {
  const sentWith = knownStates(client);
  return newest(client, await ask(), sentWith);
}

/** Asks for a page of what runs. @returns it with the news that has overtaken it, without what has ended meanwhile */
export async function readNewestRunning(
  client: QueryClient,
  ask: () => Promise<GenerationPage>,
): Promise<GenerationPage> {
  const sentWith = knownStates(client);
  const read = await ask();
  return { ...read, items: read.items.map((item) => newest(client, item, sentWith)).filter(isRunning) };
}
