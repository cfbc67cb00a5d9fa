import type { AttemptState } from "../models/attempt.ts";
import { bringPollForward } from "../models/generation-polls.ts";
import { takePermits } from "../models/provider-permits.ts";
import { findNetwork } from "../providers/networks.ts";
import type { GenerationJob } from "../queue/catalogue.ts";
import { adoptAnswer } from "./adopt-answer.ts";
import type { JobDeps } from "./deps.ts";

/**
 * The provider called: brings the next poll forward. Where the answer to the submit is lost, the id that the call
 * names is asked for, and taken when the provider knows it. What else the call says is not believed.
 */
export async function runWake(deps: JobDeps, job: GenerationJob, pollSoon: () => void): Promise<void> {
  const { records, directory, queue } = deps;
  const generation = await records.Generation.findByPk(job.generationId);
  if (!generation) return;
  if (generation.remoteId) {
    await bringPollForward(records, generation.id);
    return pollSoon();
  }
  if (!["submitting", "needs-confirmation", "canceled"].includes(generation.status)) return;
  // Of canceled work nobody closes the attempt of a process that died.
  const state: AttemptState[] = generation.status === "canceled" ? ["open", "unknown"] : ["unknown"];
  const attempt = await records.Attempt.findOne({
    where: { generationId: generation.id, number: generation.attempts, state },
  });
  if (!attempt?.claimedRemoteId) return;
  const { userId, provider: providerId, network: networkId } = generation;
  const { keySource } = attempt;
  const provider = await directory.ownKeys.providerFor({ userId, provider: providerId, keySource });
  const network = findNetwork(providerId, networkId, directory.networks);
  if (typeof provider === "string" || !network) return;
  const { granted, retryAfterSeconds } = await takePermits(records, provider.id, { kind: "read", wanted: 1 });
  if (granted === 0) return queue.enqueue("wake", job, { delaySeconds: retryAfterSeconds + Math.random() });
  const outcome = await provider.poll(attempt.claimedRemoteId, network, deps.stopping);
  if (outcome.kind === "unreachable") throw new Error(`The call could not be confirmed: ${outcome.message}`);
  await adoptAnswer(deps, { nonce: attempt.nonce, remoteId: attempt.claimedRemoteId });
}
