import { QueryTypes, type Transaction } from "sequelize";
import type { z } from "zod";
import type { GenerationQuery, GenerationRetry } from "../contract/generation.ts";
import type { KeySource, ProviderId } from "../contract/provider.ts";
import { isDatabaseAway } from "../database/database-away.ts";
import { AppError } from "../errors.ts";
import { closeAttempt } from "../models/attempt-state.ts";
import type { Generation } from "../models/generation.ts";
import { cancel, reopen } from "../models/generation-decisions.ts";
import { currentWaits, type ProviderWait } from "../models/provider-waits.ts";
import type { Records } from "../models/records.ts";
import type { Caller } from "../policies/caller.ts";
import { ownerAsked, permitted } from "../policies/records.ts";
import type { Network } from "../providers/provider.ts";
import { jobAbout, submitJobOf } from "../queue/catalogue.ts";
import type { Queue } from "../queue/queue.ts";
import { audit, type MemberActor } from "./audit.ts";
import { type Budget, reserveBudget } from "./budget.ts";
import { listNewest } from "./paging.ts";
import type { ProviderDirectory } from "./providers.ts";
import { hasUselessResult, retryOf } from "./retry-way.ts";

/** What a generation is presented with. */
export const WITH_ALL = [
  { association: "photo" },
  { association: "model", attributes: ["id"], required: false },
  { association: "spendings", separate: true },
];

/** A generation that the caller may have: its owner's, or any for administrators. Throws `not-found`. */
export async function findGeneration(records: Records, caller: Caller, id: string): Promise<Generation> {
  return permitted("manage", caller, await records.Generation.findByPk(id, { include: WITH_ALL }));
}

/** A generation for work that was allowed already. Throws `not-found`. */
export async function readGeneration(
  records: Records,
  id: string,
  transaction?: Transaction,
): Promise<Generation> {
  const generation = await records.Generation.findByPk(id, { include: WITH_ALL, transaction });
  if (!generation) throw new AppError("not-found");
  return generation;
}

/** Throws `not-allowed` where others than administrators ask for everybody's. */
export async function listGenerations(
  records: Records,
  caller: Caller,
  query: z.output<typeof GenerationQuery>,
) {
  const where = {
    ...(ownerAsked(caller, query.owner) === "me" && { userId: caller.userId }),
    ...(query.status && { status: query.status }),
  };
  return listNewest(records.Generation, query, { where, include: WITH_ALL });
}

/** What the row of a waiting generation doesn't say: its place in the queue of its provider, and why that stands still. */
export interface Waiting {
  /** From 1, by generation. */
  positions: Map<string, number>;
  waits: Map<ProviderId, ProviderWait>;
}

const NOBODY_WAITS: Waiting = { positions: new Map(), waits: new Map() };

/** `readWaiting` for an answer that must be given although the database went away: then without the place. */
export const readWaitingIfPossible = (records: Records, generations: Generation[]): Promise<Waiting> =>
  readWaiting(records, generations).catch((error) => {
    if (!isDatabaseAway(error)) throw error;
    return NOBODY_WAITS;
  });

/** Reads it where one of the generations waits. */
export async function readWaiting(records: Records, generations: Generation[]): Promise<Waiting> {
  if (!generations.some(({ status }) => status === "queued" || status === "processing")) return NOBODY_WAITS;
  const rows = await records.sequelize.query<{ id: string; position: number }>(
    `SELECT id, (row_number() OVER (PARTITION BY provider ORDER BY created_at, id))::int AS position
       FROM generation_tasks WHERE status = 'queued'`,
    { type: QueryTypes.SELECT },
  );
  return {
    positions: new Map(rows.map(({ id, position }) => [id, position])),
    waits: await currentWaits(records),
  };
}

/**
 * Cancels what has not ended; a repeated call answers the same. `chargeAvoided` is true where nothing was sent to
 * a paid provider, false where it had accepted the work, null where that isn't known.
 * Throws `not-found`, and `conflict` for what has ended otherwise.
 */
export async function cancelGeneration(records: Records, caller: Caller, id: string, isFree: boolean) {
  await findGeneration(records, caller, id);
  await records.sequelize.transaction(async (transaction) => {
    const changed = await cancel(records, id, transaction);
    if (changed && isFree)
      await closeAttempt(records, id, { state: "unsent", message: "canceled" }, transaction);
  });
  const generation = await readGeneration(records, id);
  if (generation.status !== "canceled") throw new AppError("conflict");
  return { generation, chargeAvoided: isFree || (await wasChargeAvoided(records, generation)) };
}

interface RetryDeps {
  records: Records;
  queue: Queue;
  budget: Budget;
  directory: Pick<ProviderDirectory, "ownKeys">;
}

interface RetryRequest {
  id: string;
  network: Network | undefined;
  /** Its owner or an administrator. */
  by: MemberActor;
  requestId: string;
  isFree: boolean;
  /** The person knows that the first attempt was, or may have been, charged. */
  acceptSecondCharge: boolean;
  /** What the person was told that a retry does. */
  way?: GenerationRetry["way"];
}

/**
 * Starts a generation again that failed, was canceled or needs confirmation. Where the provider had accepted the
 * work and did not itself give up, it is picked up there instead of being paid for a second time; see `retryOf`.
 * What begins anew is paid by the key that its owner has now; by a key of the owner's own only the owner pays. Throws
 * `not-found`, `not-allowed`, `submit-unknown` and `second-charge` where a second charge has to be accepted first,
 * `budget-exceeded`, `provider-unavailable`, and `conflict` otherwise.
 */
export async function retryGeneration(
  { records, queue, budget, directory }: RetryDeps,
  { id, network, by, requestId, acceptSecondCharge, way, isFree }: RetryRequest,
): Promise<Generation> {
  // The attempt first: what closes it writes the remote id in the same transaction.
  const last = await lastAttempt(records, id);
  const generation = await findGeneration(records, by.caller, id);
  if (!network) throw new AppError("unknown-network");
  const mayBeCharged = last?.state === "open" || last?.state === "unknown";
  const retry = retryOf(generation, isFree);
  if (!retry || (way && way !== retry.way)) throw new AppError("conflict");
  if (mayBeCharged && !acceptSecondCharge) throw new AppError("submit-unknown");
  const isSecondCharge = retry.mayCost && hasUselessResult(generation);
  if (isSecondCharge && !acceptSecondCharge) throw new AppError("second-charge");
  const keySource = await keySourceNow(directory, generation);
  if (retry.way === "generate" && !keySource) throw new AppError("provider-unavailable");
  const isOthersMoney = keySource === "own" && by.caller.userId !== generation.userId;
  if (retry.mayCost && isOthersMoney) throw new AppError("not-allowed");
  await records.sequelize.transaction(async (transaction) => {
    const to =
      retry.way === "finish"
        ? ({ status: "finishing" } as const)
        : retry.way === "fetch"
          ? ({ status: "processing", deadlineSeconds: network.deadlineSeconds } as const)
          : ({ status: "queued", keySource: keySource! } as const);
    if (to.status === "queued" && !isFree) {
      const order = { ...orderOf(generation, network), keySource: to.keySource };
      await reserveBudget(records, budget, order, transaction);
    }
    if (!(await reopen(records, generation, to, transaction))) throw new AppError("conflict");
    if (mayBeCharged || isSecondCharge) await acceptCharge(records, generation, by, transaction);
    if (to.status === "processing") return;
    const job = to.status === "finishing" ? "finish" : submitJobOf(generation.provider);
    await queue.enqueue(job, jobAbout({ ...generation.get(), requestId }), { transaction });
  });
  return readGeneration(records, id);
}

/** By what became of all its attempts; see `cancelGeneration`. */
async function wasChargeAvoided(
  records: Records,
  { id, spendings = [] }: Generation,
): Promise<boolean | null> {
  if (spendings.every(({ state }) => state === "released")) return true;
  const taken = await records.Attempt.count({
    where: { generationId: id, state: ["accepted", "finished"] },
  });
  return taken > 0 ? false : null;
}

const keySourceNow = async (
  { ownKeys }: Pick<ProviderDirectory, "ownKeys">,
  { userId, provider }: Generation,
): Promise<KeySource | undefined> => (await ownKeys.sourcesFor(userId)).get(provider);

const orderOf = ({ id, userId, preset, attempts }: Generation, network: Network) => ({
  generationId: id,
  userId,
  network,
  preset,
  firstAttempt: attempts + 1,
});

const lastAttempt = (records: Records, generationId: string) =>
  records.Attempt.findOne({ where: { generationId }, order: [["number", "DESC"]] });

/** Puts on record that a person wants another paid attempt although the last one may have been accepted. */
async function acceptCharge(
  records: Records,
  { id, attempts, provider, network }: Generation,
  by: MemberActor,
  transaction: Transaction,
): Promise<void> {
  await closeAttempt(records, id, { state: "unknown", message: "a person went on" }, transaction);
  const details = { attempt: attempts, provider, network };
  const action = "generation.second-charge-accepted";
  await audit(records, { action, subjectId: id, details, by }, transaction);
}
