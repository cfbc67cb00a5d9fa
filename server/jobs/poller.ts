import { inStory } from "../logger.ts";
import {
  type ClaimedPoll,
  claimPolls,
  findOverdue,
  type PolledRunning,
  peekPolls,
  readCrowd,
  writePolls,
} from "../models/generation-polls.ts";
import { takePermits } from "../models/provider-permits.ts";
import type { Provider } from "../providers/provider.ts";
import { inTrace } from "../tracing.ts";
import type { JobDeps } from "./deps.ts";
import { jobFacts } from "./job-facts.ts";
import { giveUp, pollOnce } from "./poll.ts";

/** Most polls of one process at once. */
const SLOTS = 32;
/** A look for work that nobody told of, seconds. */
const IDLE_SECONDS = 15;
/** So many looks at least show that a provider is silent: in a process that stood still, or slept, nobody asked. */
const LOOKS_OF_SILENCE = 4;
/** Until the next look during a restore. */
const FROZEN_SECONDS = 2;
const CROWD_EVERY_MS = 5_000;
const OVERDUE_AT_ONCE = 100;

export interface Poller {
  /** Looks for due polls soon. */
  poke(): void;
  /** Waits for the polls under way and gives back what they held; `stopping` has to abort before. */
  dispose(): Promise<void>;
}

/**
 * Polls the work that one remote provider has in hand, for this process. Each look writes what the polls before said,
 * finds out how many are due, takes permits for them from what all processes share and claims as many. It looks when
 * the next poll is due and when a generation changed; where nothing is in hand, hardly ever.
 */
export function startPoller(deps: JobDeps, provider: Provider): Poller {
  const { records, logger, pace, polls, notices, stopping } = deps;
  const underWay = new Set<Promise<void>>();
  let answers: PolledRunning[] = [];
  let looking = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let nextLookAt = Number.POSITIVE_INFINITY;
  let lastLookAt = Number.NEGATIVE_INFINITY;
  let refusedUntil = Number.NEGATIVE_INFINITY;
  let crowdReadAt = Number.NEGATIVE_INFINITY;
  /** How long the provider has said nothing, milliseconds: nobody is silent who isn't asked. */
  let silentMs = 0;
  let silenceNotedAt = performance.now();
  const longestGap = pace.silence / LOOKS_OF_SILENCE;

  function lookIn(seconds: number): void {
    const now = performance.now();
    const at = Math.max(now + seconds * 1000, lastLookAt + pace.betweenLooks * 1000);
    if (stopping.aborted || at >= nextLookAt) return;
    clearTimeout(timer);
    nextLookAt = at;
    timer = setTimeout(() => {
      nextLookAt = Number.POSITIVE_INFINITY;
      looking = looking.then(look);
    }, at - now);
  }

  async function look(): Promise<void> {
    if (stopping.aborted) return;
    lastLookAt = performance.now();
    if (deps.isFrozen()) return lookIn(FROZEN_SECONDS);
    try {
      await writeAnswers();
      lookIn(Math.min(await startPolls(), IDLE_SECONDS, longestGap));
    } catch (error) {
      logger.warn("Due polls could not be looked for", { error });
      lookIn(2);
    }
  }

  function noteSilence(): void {
    const now = performance.now();
    silentMs += Math.min(now - silenceNotedAt, longestGap * 1000);
    silenceNotedAt = now;
  }

  function endSilence(): void {
    silentMs = 0;
    silenceNotedAt = performance.now();
  }

  async function writeAnswers(): Promise<void> {
    if (answers.length === 0) return;
    const written = answers;
    answers = [];
    await writePolls(records, written);
  }

  /** Answers the seconds until it is worth looking again. */
  async function startPolls(): Promise<number> {
    // Also while no more can be asked: most of the silence passes while polls hang.
    noteSilence();
    const free = SLOTS - underWay.size;
    if (free <= 0) return IDLE_SECONDS;
    const { due, nextSeconds } = await peekPolls(records, provider.id, free);
    if (due === 0) {
      if (underWay.size === 0) endSilence();
      return nextSeconds ?? IDLE_SECONDS;
    }
    if (silentMs > pace.silence * 1000) await endOverdue();
    const now = performance.now();
    if (now < refusedUntil) return (refusedUntil - now) / 1000;
    if (now - crowdReadAt > CROWD_EVERY_MS) {
      polls.noteCrowd(await readCrowd(records, provider.id));
      crowdReadAt = now;
    }
    const { granted, retryAfterSeconds } = await takePermits(records, provider.id, {
      kind: "read",
      wanted: due,
    });
    if (granted < due) refusedUntil = now + retryAfterSeconds * 1000;
    if (granted > 0) for (const claim of await claimPolls(records, provider.id, granted)) start(claim);
    return granted < due ? retryAfterSeconds : 0;
  }

  function start(claim: ClaimedPoll): void {
    const { id: generationId, requestId, userId } = claim;
    const story = { job: "poll", generationId, requestId: requestId ?? undefined, userId };
    const facts = jobFacts({ generationId, userId });
    const trace = { kind: "consumer" as const, parent: claim.traceparent, facts };
    const poll = inStory(story, async () => {
      try {
        const { isAnswered, running } = await inTrace(deps.tracer, "job poll", trace, () =>
          pollOnce(deps, provider.id, claim),
        );
        if (isAnswered) endSilence();
        if (running) answers.push(running);
      } catch (error) {
        logger.warn("A poll failed; it is repeated", { error });
        // What fails for ever must end all the same.
        if (claim.isOverdue) await giveUp(deps, claim, { code: "generation-timeout" }).catch(() => undefined);
      }
    });
    underWay.add(poll);
    void poll.then(() => {
      underWay.delete(poll);
      lookIn(0);
    });
  }

  /** Nobody can be asked, so what is past its deadline ends without a last look. */
  async function endOverdue(): Promise<void> {
    for (const overdue of await findOverdue(records, provider.id, OVERDUE_AT_ONCE)) {
      await giveUp(deps, overdue, { code: "generation-timeout" });
    }
  }

  const unsubscribe = notices.subscribe(() => lookIn(0));
  lookIn(0);
  return {
    poke: () => lookIn(0),
    async dispose() {
      unsubscribe();
      clearTimeout(timer);
      await looking;
      await Promise.all(underWay);
      await writeAnswers().catch((error) => logger.warn("Leases of polls were not given back", { error }));
    },
  };
}
