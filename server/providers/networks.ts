import type { ProviderId } from "../contract/provider.ts";
import { TRELLIS, unlistedNetwork } from "./genapi/networks.ts";
import { SILHOUETTE } from "./local/network.ts";
import type { Network } from "./provider.ts";

/** Every network that is known with its parameters; the first of a provider is its default. */
export const NETWORKS: readonly Network[] = [TRELLIS, SILHOUETTE];

/** The catalogue with the operator's own GenAPI networks behind it; ids that are known already change nothing. */
export function networksWith(unlistedIds: readonly string[]): readonly Network[] {
  const known = new Set(NETWORKS.filter((network) => network.provider === "genapi").map(({ id }) => id));
  const added = [...new Set(unlistedIds)].filter((id) => !known.has(id));
  return [...NETWORKS, ...added.map(unlistedNetwork)];
}

/** Undefined where the provider has no network of that id. */
export function findNetwork(
  provider: ProviderId,
  id: string,
  networks: readonly Network[] = NETWORKS,
): Network | undefined {
  return networks.find((network) => network.provider === provider && network.id === id);
}
