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

/** The newer of what is remembered and what was just read: news can overtake an answer that is on its way. */
export function newest(client: QueryClient, read: Generation): Generation {
  const known = client.getQueryData<Generation>(queryKeys.generation(read.id));
  return known && known.updatedAt > read.updatedAt ? known : read;
}

/** A page of what runs, without what has ended since it was read. */
export function newestRunning(client: QueryClient, read: GenerationPage): GenerationPage {
  return { ...read, items: read.items.map((item) => newest(client, item)).filter(isRunning) };
}
