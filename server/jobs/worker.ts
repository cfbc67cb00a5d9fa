import { setTimeout as sleep } from "node:timers/promises";
import { inStory, type Story } from "../logger.ts";
import type { GenerationJob, JobName } from "../queue/catalogue.ts";
import type { JobHandler } from "../queue/queue.ts";
import { finishErasures } from "../services/erasure/finish-erasures.ts";
import { inTrace } from "../tracing.ts";
import type { JobDeps } from "./deps.ts";
import { runFinish } from "./finish.ts";
import { jobFacts } from "./job-facts.ts";
import { createPollPlan } from "./poll-plan.ts";
import { type Poller, startPoller } from "./poller.ts";
import { replayJournal } from "./replay-journal.ts";
import { runRescue } from "./rescue.ts";
import { resumeHeldWork } from "./resume.ts";
import { runSubmit } from "./submit.ts";
import { sweepGenerations } from "./sweep.ts";
import { runWake } from "./wake.ts";
import { watchPauses } from "./watch-pauses.ts";

const SWEEP_EVERY_MS = 5_000;
/** After which a job is looked at again that came during a restore. */
const FROZEN_SECONDS = 10;
/** So that many deletions hold up nothing else. */
const ERASED_PER_SWEEP = 200;

/** Jobs of older versions have no user. */
const storyOf = ({ generationId, requestId, userId }: GenerationJob): Story => ({
  generationId,
  requestId: requestId ?? undefined,
  userId: userId ?? undefined,
});

const traceOf = (job: GenerationJob) => ({
  kind: "consumer" as const,
  parent: job.traceparent,
  facts: jobFacts(job),
});

/** Every job of the catalogue, how many run at once in this process, and its handler. */
const jobTable = (
  deps: JobDeps,
  pollSoon: () => void,
): { [N in JobName]: { concurrency: number; pollSeconds: number; handler: JobHandler<N> } } => ({
  "submit-local": {
    concurrency: deps.directory.providers.get("local")?.concurrency ?? 1,
    pollSeconds: 0.5,
    handler: (job) => runSubmit(deps, job),
  },
  "submit-genapi": {
    concurrency: deps.directory.providers.get("genapi")?.concurrency ?? 1,
    pollSeconds: 2,
    handler: (job) => runSubmit(deps, job),
  },
  wake: { concurrency: 4, pollSeconds: 2, handler: (job) => runWake(deps, job, pollSoon) },
  rescue: { concurrency: 2, pollSeconds: 2, handler: (job) => runRescue(deps, job) },
  finish: { concurrency: 4, pollSeconds: 2, handler: (job, isLastTry) => runFinish(deps, job, isLastTry) },
});

async function sweepAll(deps: JobDeps): Promise<void> {
  await sweepGenerations(deps).catch((error) => deps.logger.warn("The sweep failed", { error }));
  await finishErasures(deps, ERASED_PER_SWEEP).catch((error) =>
    deps.logger.warn("An erasure stands still", { error }),
  );
  await watchPauses(deps).catch((error) => deps.logger.warn("The pauses could not be read", { error }));
}

interface WorkerOptions extends Omit<JobDeps, "polls"> {
  /** Calls back whenever `isHeld` or `isFrozen` may have changed. */
  watchHold: (listener: () => void) => () => void;
}

/**
 * Starts the handlers, the pollers and the sweep. `dispose` stops pollers and sweep once `stopping` has aborted (the
 * queue stops the handlers).
 */
export async function startWorker(options: WorkerOptions): Promise<{ dispose(): Promise<void> }> {
  const deps = { ...options, polls: createPollPlan(options.pace, options.callbackBase !== null) };
  await replayJournal(deps);
  const pollers: Poller[] = [];
  const table = jobTable(deps, () => {
    for (const poller of pollers) poller.poke();
  });
  for (const name of Object.keys(table) as JobName[]) {
    const { handler, ...options } = table[name];
    await deps.queue.work(name, options, (payload, isLastTry) =>
      inStory({ job: name, ...storyOf(payload) }, () =>
        deps.isFrozen()
          ? deps.queue.enqueue(name, payload, { delaySeconds: FROZEN_SECONDS })
          : inTrace(deps.tracer, `job ${name}`, traceOf(payload), () => handler(payload, isLastTry)),
      ),
    );
  }
  for (const provider of deps.directory.providers.values()) {
    if (!provider.isFree) pollers.push(startPoller(deps, provider));
  }
  const stop = new AbortController();
  const sweeping = (async () => {
    while (!stop.signal.aborted) {
      if (!deps.isFrozen()) await sweepAll(deps);
      await sleep(SWEEP_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  const resuming = resumeHeldWork({ ...options, frozenSeconds: FROZEN_SECONDS });
  return {
    async dispose() {
      stop.abort();
      await Promise.all([sweeping, resuming.dispose(), ...pollers.map((poller) => poller.dispose())]);
    },
  };
}
