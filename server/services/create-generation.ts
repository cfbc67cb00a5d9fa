import { createHash } from "node:crypto";
import { literal, Op, type Transaction, UniqueConstraintError } from "sequelize";
import { v7 as newId } from "uuid";
import type { z } from "zod";
import type { CreateGenerationFields } from "../contract/generation.ts";
import { AppError } from "../errors.ts";
import type { Generation } from "../models/generation.ts";
import type { Records } from "../models/records.ts";
import { jobAbout, submitJobOf } from "../queue/catalogue.ts";
import type { Queue } from "../queue/queue.ts";
import type { Storage } from "../storage/storage.ts";
import { currentTraceparent } from "../tracing.ts";
import { type Budget, reserveBudget } from "./budget.ts";
import { readGeneration, WITH_ALL } from "./generations.ts";
import { type DecodedPhoto, dropPhoto, keepPhoto, storePhoto } from "./photos.ts";
import { chooseNetwork, type ProviderDirectory } from "./providers.ts";
import type { StorageQuota } from "./storage-quota.ts";
import { refuseFrozen } from "./system/frozen.ts";

export interface CreateInput {
  userId: string;
  fields: z.output<typeof CreateGenerationFields>;
  photo: DecodedPhoto;
  /** Name of the uploaded file without its ending: the name where the user gave none. */
  fallbackName: string;
  idempotencyKey: string | null;
  requestId: string;
}

interface Deps {
  records: Records;
  storage: Storage;
  queue: Queue;
  directory: ProviderDirectory;
  /** For paid providers. */
  budget: Budget;
  quota: StorageQuota;
}

type Choice = Awaited<ReturnType<typeof chooseNetwork>>;

/**
 * Accepts a photo: stored, then row `queued` and job enqueued in one transaction; answers the row with all that
 * belongs to it. Where the connection is lost at the commit nobody knows what became of it: a repeated call with the
 * same key finds out. The same idempotency key with the
 * same request answers the first generation for 24 hours. Throws `idempotency-mismatch`, `duplicate-generation`, `budget-exceeded`, `storage-quota` and what `chooseNetwork` throws.
 */
export async function createGeneration(deps: Deps, input: CreateInput): Promise<Generation> {
  const choice = await chooseNetwork(deps.directory, input.userId, input.fields);
  const digest = digestOf(input);
  const known = await findByKey(deps.records, input, digest);
  if (known) return known;
  // What is not taken any more must not touch the store.
  await refuseFrozen(deps.records);
  await storePhoto(deps.storage, input.photo);
  try {
    return await deps.records.sequelize.transaction((transaction) =>
      insert(deps, input, { ...choice, digest, transaction }),
    );
  } catch (error) {
    const mayHaveWinner = error instanceof UniqueConstraintError || isRefusal(error);
    const winner = mayHaveWinner ? await findByKey(deps.records, input, digest) : null;
    if (winner) return winner;
    // Of what was refused nothing stays; what can't be removed now goes with the daily sweep.
    if (error instanceof AppError) await dropPhoto(deps, input.photo).catch(() => undefined);
    throw error;
  }
}

/** What a request may meet only because another one with the same key was quicker. */
const isRefusal = (error: unknown) =>
  error instanceof AppError &&
  ["budget-exceeded", "duplicate-generation", "storage-quota"].includes(error.code);

async function insert(
  { records, storage, queue, budget, quota, directory }: Deps,
  { userId, fields, photo, fallbackName, idempotencyKey, requestId }: CreateInput,
  options: Choice & { digest: string; transaction: Transaction },
): Promise<Generation> {
  const { network, keySource, preset, params, digest, transaction } = options;
  const id = newId();
  await refuseFrozen(records, transaction);
  await quota.reservePhoto(userId, photo, transaction);
  // The photo before the budget, whatever is asked: in different orders two would wait for each other. And nobody
  // waits for the budget while the store is asked.
  const kept = await keepPhoto({ records, storage }, photo, transaction);
  if (!directory.providers.get(network.provider)?.isFree) {
    if (fields.onDuplicate === "ask") await refuseDuplicate(records, { userId, photo }, options);
    const order = { generationId: id, userId, keySource, network, preset, firstAttempt: 1 };
    await reserveBudget(records, budget, order, transaction);
  }
  const traceparent = currentTraceparent();
  await records.Generation.create(
    {
      id,
      userId,
      status: "queued",
      stage: "queued",
      provider: network.provider,
      keySource,
      network: network.id,
      preset,
      params,
      name: fields.name ?? fallbackName,
      tags: fields.tags ?? [],
      dimensions: fields.dimensions ?? null,
      photoId: kept.id,
      reservedModelId: newId(),
      requestId,
      traceparent,
      idempotencyKey,
      requestDigest: digest,
    },
    { transaction },
  );
  const job = jobAbout({ id, requestId, userId, traceparent });
  await queue.enqueue(submitJobOf(network.provider), job, { transaction });
  // Read before the commit: after it nothing may fail any more that the client would take for a refusal.
  return readGeneration(records, id, transaction);
}

/** Throws `duplicate-generation`, naming the user's earlier one. */
async function refuseDuplicate(
  records: Records,
  { userId, photo }: Pick<CreateInput, "userId" | "photo">,
  { network, params, transaction }: Choice & { transaction: Transaction },
): Promise<void> {
  const earlier = await records.Generation.findOne({
    where: {
      userId,
      provider: network.provider,
      network: network.id,
      params: { [Op.eq]: literal(`${records.sequelize.escape(JSON.stringify(params))}::jsonb`) as never },
      // Canceled work that the provider took is paid for, and its result can still be had.
      [Op.or]: [
        { status: { [Op.notIn]: ["failed", "canceled"] } },
        { status: "canceled", remoteId: { [Op.ne]: null } },
      ],
      createdAt: { [Op.gt]: literal("now() - interval '1 hour'") },
    },
    include: [{ association: "photo", where: { sha256: photo.sha256 } }],
    order: [["createdAt", "DESC"]],
    transaction,
  });
  if (!earlier) return;
  throw new AppError("duplicate-generation", { errors: [{ path: "generationId", message: earlier.id }] });
}

const digestOf = ({ fields, photo, fallbackName }: CreateInput) =>
  createHash("sha256")
    .update(JSON.stringify([photo.sha256, fallbackName, Object.entries(fields).sort()]))
    .digest("hex");

async function findByKey(
  records: Records,
  { userId, idempotencyKey }: CreateInput,
  digest: string,
): Promise<Generation | null> {
  if (!idempotencyKey) return null;
  await records.Generation.update(
    { idempotencyKey: null },
    { where: { userId, idempotencyKey, createdAt: { [Op.lt]: literal("now() - interval '24 hours'") } } },
  );
  const known = await records.Generation.findOne({ where: { userId, idempotencyKey }, include: WITH_ALL });
  if (known && known.requestDigest !== digest) throw new AppError("idempotency-mismatch");
  return known;
}
