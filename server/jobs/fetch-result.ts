import path from "node:path";
import { AppError } from "../errors.ts";
import type { Generation } from "../models/generation.ts";
import { findNetwork } from "../providers/networks.ts";
import { originalKey } from "../services/publish-model.ts";
import type { JobDeps } from "./deps.ts";

/**
 * Copies a remote result into the store, once. An address that doesn't answer any more is asked for anew, for
 * providers' addresses expire. Throws what the download throws.
 */
export async function fetchResult(deps: JobDeps, generation: Generation, signal: AbortSignal): Promise<void> {
  const { storage } = deps;
  const key = originalKey(generation.reservedModelId);
  if (!generation.resultUrl || (await storage.stat(key))) return;
  const workspace = await storage.workspace();
  const target = path.join(workspace.path, "result.glb");
  try {
    try {
      await deps.download(generation.resultUrl, target, signal);
    } catch (error) {
      const isGone = error instanceof AppError && error.code === "result-unreachable";
      const fresh = isGone ? await freshUrl(deps, generation, signal) : null;
      if (!fresh) throw error;
      deps.logger.info("The result's address had expired; a fresh one is used");
      await deps.download(fresh, target, signal);
    }
    await storage.publish(key, target);
  } finally {
    await workspace.dispose();
  }
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
