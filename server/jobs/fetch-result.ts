import path from "node:path";
import { AddressGone } from "../assets/download-errors.ts";
import { findPart } from "../assets/download-part.ts";
import type { Generation } from "../models/generation.ts";
import { findNetwork } from "../providers/networks.ts";
import { originalKey } from "../services/publish-model.ts";
import type { Workspace } from "../storage/storage.ts";
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

async function download(
  deps: JobDeps,
  generation: Generation,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const known = generation.resultUrl!;
  const asked = generation.resultTries > 0 ? await freshUrl(deps, generation, signal) : null;
  try {
    await deps.download(asked ?? known, target, signal);
  } catch (error) {
    const fresh = error instanceof AddressGone && !asked ? await freshUrl(deps, generation, signal) : null;
    if (!fresh) throw error;
    deps.logger.info("The result's address had expired; a fresh one is used");
    await deps.download(fresh, target, signal);
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

async function freshUrl(
  { directory }: JobDeps,
  { provider: providerId, network: networkId, remoteId }: Generation,
  signal: AbortSignal,
): Promise<string | null> {
  const provider = directory.providers.get(providerId);
  const network = findNetwork(providerId, networkId, directory.networks);
  if (!provider || !network || !remoteId) return null;
  const outcome = await provider.poll(remoteId, network, signal);
  return outcome.kind === "finished" && outcome.result.location.kind === "url"
    ? outcome.result.location.url
    : null;
}
