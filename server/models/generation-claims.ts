import { literal, type Transaction } from "sequelize";
import { v7 as newId } from "uuid";
import type { KeySource } from "../contract/provider.ts";
import type { Generation } from "./generation.ts";
import { inSeconds, LEASE_SECONDS, type Lease } from "./generation-state.ts";
import type { Records } from "./records.ts";

/**
 * `queued` → `submitting` (paid) or `processing` (free), with a new attempt; null when someone else was first, or when
 * another key pays by now.
 */
export async function claimQueued(
  records: Records,
  id: string,
  options: {
    isFree: boolean;
    keySource: KeySource;
    nonce: string;
    deadlineSeconds: number;
    transaction: Transaction;
  },
): Promise<{ lease: Lease; generation: Generation } | null> {
  const { transaction } = options;
  const [, [generation]] = await records.Generation.update(
    {
      status: options.isFree ? "processing" : "submitting",
      stage: options.isFree ? "generating" : "uploading",
      progress: null,
      attempts: literal("attempts + 1"),
      fence: literal("fence + 1"),
      wakeAt: inSeconds(LEASE_SECONDS),
      deadlineAt: inSeconds(options.deadlineSeconds),
      startedAt: literal("coalesce(started_at, now())"),
      error: null,
    },
    { where: { id, status: "queued", keySource: options.keySource }, returning: true, transaction },
  );
  if (!generation) return null;
  await records.Attempt.create(
    {
      id: newId(),
      generationId: id,
      number: generation.attempts,
      keySource: options.keySource,
      nonce: options.nonce,
      state: "open",
    },
    { transaction },
  );
  return { lease: { id, fence: generation.fence }, generation };
}

/** Takes a `finishing` row whose lease is free; null when someone else works on it. */
export async function claimFinishing(records: Records, id: string): Promise<Lease | null> {
  const [, [generation]] = await records.Generation.update(
    { fence: literal("fence + 1"), error: null, wakeAt: inSeconds(LEASE_SECONDS) },
    { where: { id, status: "finishing", wakeAt: literal("wake_at <= now()") as never }, returning: true },
  );
  return generation ? { id, fence: generation.fence } : null;
}
