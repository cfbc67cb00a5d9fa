import type { Preset, ProviderId, ProviderView } from "../contract/provider.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { findNetwork } from "../providers/networks.ts";
import { resolveParams } from "../providers/params.ts";
import type { Network, Provider } from "../providers/provider.ts";

/** The providers of this process and the catalogue of their networks. */
export interface ProviderDirectory {
  providers: ReadonlyMap<ProviderId, Provider>;
  networks: readonly Network[];
  /** The host that photos are sent to; null without GenAPI. */
  genapiHost: string | null;
}

export const defaultProviderId = ({ providers }: ProviderDirectory): ProviderId =>
  providers.has("genapi") ? "genapi" : "local";

interface Choice {
  provider?: ProviderId;
  network?: string;
  preset?: Preset;
  params?: Parameters<typeof resolveParams>[2];
}

/**
 * The network and the full parameters for what a person chose.
 * Throws `provider-unavailable`, `unknown-network` or `invalid-params`.
 */
export function chooseNetwork(directory: ProviderDirectory, choice: Choice) {
  const providerId = choice.provider ?? defaultProviderId(directory);
  if (!directory.providers.has(providerId)) throw new AppError("provider-unavailable");
  const ofProvider = directory.networks.filter((network) => network.provider === providerId);
  const network = choice.network
    ? findNetwork(providerId, choice.network, directory.networks)
    : ofProvider[0];
  if (!network) {
    const known = ofProvider.map(({ id }) => id).join(", ");
    throw new AppError("unknown-network", {
      errors: [{ path: "network", message: `This provider has: ${known}.` }],
    });
  }
  const preset = choice.preset ?? (choice.params ? null : "standard");
  return { network, preset, params: resolveParams(network, preset, choice.params ?? {}) };
}

const LABELS: Record<ProviderId, ProviderView["label"]> = {
  genapi: { en: "GenAPI", ru: "GenAPI" },
  local: { en: "Built-in, offline", ru: "Встроенный, без интернета" },
};

/** All providers as clients see them; a balance that can't be read is null. */
export async function listProviders(directory: ProviderDirectory, logger: Logger): Promise<ProviderView[]> {
  const ids: ProviderId[] = ["genapi", "local"];
  return Promise.all(
    ids.map(async (id) => {
      const provider = directory.providers.get(id);
      const balance = provider?.balance(AbortSignal.timeout(5000)).catch((error) => {
        logger.warn("The balance could not be read", { provider: id, error });
        return null;
      });
      return {
        id,
        label: LABELS[id],
        available: provider !== undefined,
        isDefault: defaultProviderId(directory) === id,
        sendsPhotoTo: id === "genapi" ? directory.genapiHost : null,
        balanceRoubles: (await balance) ?? null,
        networks: directory.networks.filter((network) => network.provider === id).map(viewNetwork),
      };
    }),
  );
}

const viewNetwork = ({ id, label, params, presets, priceRoubles, typicalSeconds }: Network) => ({
  id,
  label,
  params,
  presets,
  priceRoubles,
  typicalSeconds,
});
