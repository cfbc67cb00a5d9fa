import path from "node:path";
import { AddressGone, unreachable } from "../assets/download-errors.ts";
import { findPart } from "../assets/download-part.ts";
import type { AppError } from "../errors.ts";
import type { Generation } from "../models/generation.ts";
import { takePermits } from "../models/provider-permits.ts";
import { findNetwork } from "../providers/networks.ts";
import { originalKey } from "../services/publish-model.ts";
import type { Workspace } from "../storage/storage.ts";
import { inSpan } from "../tracing.ts";
import type { JobDeps } from "./deps.ts";

/**
 * Copies a remote result into the store, once. What a broken download left is kept for the next try. Providers'
 * addresses expire: one that is gone, or that did not help the last time, is asked for anew, at most once a call.
 * Throws what the download throws.
 */
export async function fetchResult(deps: JobDeps, generation: Generation, signal: AbortSignal): Promise<void> {
  const { storage } = deps;
  const key = originalKey(generation.reservedModelId);
  if (!generation.resultUrl || (await storage.stat(key))) return;
  const workspace = await storage.workspace(generation.id);
  const target = path.join(workspace.path, "result.glb");
  try {
    await download(deps, generation, target, signal);
    await storage.publish(key, target);
  } catch (error) {
    await keepPart(workspace, target, generation.id);
    throw error;
  }
  await workspace.dispose();
}

/** The address of a result may hold a secret, so it is left out. */
const traced = <T>(work: () => Promise<T>) => inSpan("download result", { kind: "client" }, work);

async function download(
  deps: JobDeps,
  generation: Generation,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const known = generation.resultUrl!;
  const asked = generation.resultTries > 0 ? await freshUrl(deps, generation, signal) : null;
  try {
    await traced(() => deps.download(asked ?? known, target, signal));
  } catch (error) {
    if (!(error instanceof AddressGone) || asked) throw error;
    const fresh = await freshUrl(deps, generation, signal);
    if (fresh === undefined) throw nobodyToAsk(error);
    if (!fresh) throw error;
    deps.logger.info("The result's address had expired; a fresh one is used");
    await traced(() => deps.download(fresh, target, signal));
  }
}

async function keepPart(workspace: Workspace, target: string, name: string): Promise<void> {
  try {
    if (await findPart(target)) return await workspace.keep(name);
  } catch {
    // Then the next try begins anew.
  }
  await workspace.dispose();
}

const nobodyToAsk = (cause: AppError) =>
  unreachable(
    "has expired, and the provider cannot be asked for a new one at the moment",
    "больше не действует, а новый сейчас не у кого спросить",
    cause,
  );

/** Null where the provider names none; undefined where it can't be asked at the moment. */
async function freshUrl(
  { records, directory }: JobDeps,
  generation: Generation,
  signal: AbortSignal,
): Promise<string | null | undefined> {
  const { remoteId } = generation;
  const provider = await directory.ownKeys.providerFor(generation);
  const network = findNetwork(generation.provider, generation.network, directory.networks);
  if (!network || !remoteId) return null;
  if (typeof provider === "string") return provider === "provider-unavailable" ? null : undefined;
  const { granted } = await takePermits(records, provider.id, { kind: "read", wanted: 1 });
  if (granted === 0) return undefined;
  const outcome = await provider.poll(remoteId, network, signal);
  if (outcome.kind === "unreachable") return undefined;
  return outcome.kind === "finished" && outcome.result.location.kind === "url"
    ? outcome.result.location.url
    : null;
}
