import { literal } from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import type { StoredError } from "../models/generation.ts";
import { type ClaimedPoll, type PolledRunning, stopPolling } from "../models/generation-polls.ts";
import { fail, inSeconds, toFinishing } from "../models/generation-state.ts";
import { findNetwork } from "../providers/networks.ts";
import type { Network, PollOutcome, Provider, ProviderResult } from "../providers/provider.ts";
import { jobAbout } from "../queue/catalogue.ts";
import type { JobDeps } from "./deps.ts";
import { failureOf } from "./failure.ts";

/** Shorter than a lease, so that no two processes ever ask for the same work at once. */
const LIMIT_MS = 12_000;
/** How long the copying of a canceled generation's result is left alone, seconds. */
const RESCUE_SECONDS = 60;

/** What became of one poll. */
interface Polled {
  /** Whether the provider said anything about the work. */
  isAnswered: boolean;
  /** What is left to write where the work goes on. */
  running: PolledRunning | null;
}

/**
 * Asks the provider once how far a claimed generation is, by the key that pays for it, and writes down its end. A stop of the process gives the
 * lease back.
 */
export async function pollOnce(deps: JobDeps, id: ProviderId, claim: ClaimedPoll): Promise<Polled> {
  const network = findNetwork(id, claim.network, deps.directory.networks);
  const provider = await deps.directory.ownKeys.providerFor({ ...claim, provider: id });
  if (typeof provider === "string" || !network) {
    const code = typeof provider === "string" ? provider : "provider-unavailable";
    await giveUp(deps, claim, { code });
    return { isAnswered: false, running: null };
  }
  const outcome = await ask(deps, provider, network, claim);
  const isAnswered = outcome !== null && outcome.kind !== "unreachable";
  return { isAnswered, running: await settle(deps, claim, network, outcome) };
}

async function settle(
  deps: JobDeps,
  claim: ClaimedPoll,
  network: Network,
  outcome: PollOutcome | null,
): Promise<PolledRunning | null> {
  const goOn = {
    id: claim.id,
    fence: claim.fence,
    lease: claim.lease,
    percent: null,
    isResultMissing: false,
  };
  if (!outcome) return { ...goOn, delaySeconds: 0 };
  if (outcome.kind === "finished") return handOver(deps, claim, outcome.result);
  if (outcome.kind === "failed") {
    deps.logger.warn("The provider gave up", { code: outcome.code, reason: outcome.message });
    return giveUp(deps, claim, failureOf(outcome.code, outcome.message), outcome.costRoubles);
  }
  const isResultMissing = outcome.kind === "result-missing";
  if (isResultMissing && (claim.missingSeconds ?? 0) > deps.pace.missingResult) {
    deps.logger.warn("The provider never named the result's address");
    return giveUp(deps, claim, failureOf("provider-failed", outcome.message));
  }
  if (claim.isOverdue) return giveUp(deps, claim, { code: "generation-timeout" });
  if (claim.keySource === "own" && outcome.kind === "unreachable" && outcome.fault === "refused") {
    deps.logger.warn("The provider refuses the user's own key", { reason: outcome.message });
    return giveUp(deps, claim, { code: "provider-key-refused" });
  }
  if (outcome.kind === "unreachable")
    deps.logger.warn("The provider did not answer", { reason: outcome.message });
  return {
    ...goOn,
    isResultMissing,
    percent: outcome.kind === "unreachable" ? null : outcome.percent,
    delaySeconds: deps.polls.next({
      network,
      preset: claim.preset,
      ageSeconds: claim.ageSeconds,
      retryAfterSeconds: outcome.kind === "result-missing" ? null : outcome.retryAfterSeconds,
    }),
  };
}

/** Null when the process stops meanwhile. */
async function ask(
  { stopping }: JobDeps,
  provider: Provider,
  network: Network,
  { remoteId }: ClaimedPoll,
): Promise<PollOutcome | null> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    return await provider.poll(remoteId, network, AbortSignal.any([stopping, limit]));
  } catch (error) {
    if (stopping.aborted) return null;
    if (!limit.aborted) throw error;
    const message = `There was no answer within ${LIMIT_MS / 1000} s.`;
    return { kind: "unreachable", message, retryAfterSeconds: null };
  }
}

/** Ends work that has no result; of canceled work nobody waits for more than that. */
export async function giveUp(
  { records }: Pick<JobDeps, "records">,
  claim: Pick<ClaimedPoll, "id" | "fence" | "status">,
  error: StoredError,
  cost: number | null = null,
): Promise<null> {
  if (claim.status !== "canceled") await fail(records, claim, error, undefined, cost);
  else {
    if (cost !== null) await records.Generation.update({ cost: String(cost) }, { where: { id: claim.id } });
    await stopPolling(records, claim);
  }
  return null;
}

/** The result is there: what runs goes on to be published, of what was canceled it is kept. */
async function handOver(
  { records, queue }: JobDeps,
  claim: ClaimedPoll,
  { location, costRoubles: cost, report }: ProviderResult,
): Promise<null> {
  const { id, fence } = claim;
  const job = jobAbout(claim);
  const resultUrl = location.kind === "url" ? location.url : null;
  if (claim.status === "canceled" && claim.isOverdue && claim.hasResult) {
    await stopPolling(records, claim);
    return null;
  }
  await records.sequelize.transaction(async (transaction) => {
    if (claim.status === "processing") {
      const values = { resultUrl, cost, report };
      if (await toFinishing(records, claim, values, transaction))
        await queue.enqueue("finish", job, { transaction });
      return;
    }
    const [kept] = await records.Generation.update(
      {
        resultUrl,
        report,
        cost: cost === null ? literal("cost") : String(cost),
        wakeAt: inSeconds(RESCUE_SECONDS),
      },
      { where: { id, fence, status: "canceled" }, transaction },
    );
    if (kept) await queue.enqueue("rescue", job, { transaction });
  });
  return null;
}
