import { setTimeout as sleep } from "node:timers/promises";
import { inStory } from "../logger.ts";
import type { JobName } from "../queue/catalogue.ts";
import type { JobHandler } from "../queue/queue.ts";
import type { JobDeps } from "./deps.ts";
import { runFinish } from "./finish.ts";
import { runPoll } from "./poll.ts";
import { replayJournal } from "./replay-journal.ts";
import { runRescue } from "./rescue.ts";
import { runSubmit } from "./submit.ts";
import { sweepGenerations } from "./sweep.ts";
import { runWake } from "./wake.ts";

const SWEEP_EVERY_MS = 5_000;

/** Every job of the catalogue, how many run at once in this process, and its handler. */
const jobTable = (
  deps: JobDeps,
): { [N in JobName]: { concurrency: number; pollSeconds: number; handler: JobHandler<N> } } => ({
  "submit-local": {
    concurrency: deps.directory.providers.get("local")?.concurrency ?? 1,
    pollSeconds: 0.5,
    handler: (job) => runSubmit(deps, job),
  },
  "submit-genapi": {
    concurrency: deps.directory.providers.get("genapi")?.concurrency ?? 1,
    pollSeconds: 1,
    handler: (job) => runSubmit(deps, job),
  },
  wake: { concurrency: 4, pollSeconds: 1, handler: (job) => runWake(deps, job) },
  rescue: { concurrency: 2, pollSeconds: 2, handler: (job) => runRescue(deps, job) },
  poll: { concurrency: 20, pollSeconds: 1, handler: (job) => runPoll(deps, job) },
  finish: { concurrency: 4, pollSeconds: 1, handler: (job, isLastTry) => runFinish(deps, job, isLastTry) },
});

/** Starts the handlers and the sweep; `dispose` stops the sweep (the queue stops the handlers). */
export async function startWorker(deps: JobDeps): Promise<{ dispose(): Promise<void> }> {
  await replayJournal(deps);
  const table = jobTable(deps);
  for (const name of Object.keys(table) as JobName[]) {
    const { handler, ...options } = table[name];
    await deps.queue.work(name, options, (payload, isLastTry) =>
      inStory(
        { job: name, generationId: payload.generationId, requestId: payload.requestId ?? undefined },
        () => handler(payload, isLastTry),
      ),
    );
  }
  const stop = new AbortController();
  const sweeping = (async () => {
    while (!stop.signal.aborted) {
      await sweepGenerations(deps).catch((error) => deps.logger.warn("The sweep failed", { error }));
      await sleep(SWEEP_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    async dispose() {
      stop.abort();
      await sweeping;
    },
  };
}
