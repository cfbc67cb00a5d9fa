import { PRESETS, type ProviderId } from "../contract/provider.ts";
import { TRELLIS, unlistedNetwork } from "./genapi/networks.ts";
import { SILHOUETTE } from "./local/network.ts";
import type { Network } from "./provider.ts";

/** Every network that is known with its parameters; the first of a provider is its default. */
export const NETWORKS: readonly Network[] = [TRELLIS, SILHOUETTE];

/**
 * The catalogue with the operator's own GenAPI networks behind it; ids that are known already change nothing.
 * `prices` are expected roubles by network id, or network id and preset with a slash between.
 */
export function networksWith(
  unlistedIds: readonly string[],
  prices: Readonly<Record<string, number>> = {},
): readonly Network[] {
  const known = new Set(NETWORKS.filter((network) => network.provider === "genapi").map(({ id }) => id));
  const added = [...new Set(unlistedIds)].filter((id) => !known.has(id));
  return [...NETWORKS, ...added.map(unlistedNetwork)].map((network) =>
    network.provider === "genapi" ? { ...network, setRoubles: pricesOf(network.id, prices) } : network,
  );
}

function pricesOf(id: string, prices: Readonly<Record<string, number>>): NonNullable<Network["setRoubles"]> {
  const own = PRESETS.flatMap((preset) => {
    const roubles = prices[`${id}/${preset}`];
    return roubles === undefined ? [] : [[preset, roubles] as const];
  });
  return { ...Object.fromEntries(own), ...(prices[id] !== undefined && { any: prices[id] }) };
}

/** Undefined where the provider has no network of that id. */
export function findNetwork(
  provider: ProviderId,
  id: string,
  networks: readonly Network[] = NETWORKS,
): Network | undefined {
  return networks.find((network) => network.provider === provider && network.id === id);
}
