import type { Money, NetworkView, Preset, ProviderId, ProviderView } from "../contract/provider.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import { findNetwork } from "../providers/networks.ts";
import { resolveParams } from "../providers/params.ts";
import type { Network, Provider } from "../providers/provider.ts";
import { type Budget, readMonth, readToday, type Spent } from "./budget.ts";
import { presetPrices } from "./prices.ts";

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

interface ListDeps {
  directory: ProviderDirectory;
  logger: Logger;
  records: Records;
  budget: Budget;
}

/** All providers as clients see them; a balance that can't be read is null. */
export async function listProviders(
  { directory, logger, records, budget }: ListDeps,
  userId: string,
): Promise<Omit<ProviderView, "pause">[]> {
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
        money:
          provider && !provider.isFree ? await readMoney(records, budget, { provider: id, userId }) : null,
        networks: await Promise.all(
          directory.networks
            .filter((network) => network.provider === id)
            .map((network) => viewNetwork(records, network)),
        ),
      };
    }),
  );
}

async function viewNetwork(records: Records, network: Network): Promise<NetworkView> {
  const { id, label, params, presets, typicalSeconds } = network;
  return { id, label, params, presets, typicalSeconds, prices: await presetPrices(records, network) };
}

async function readMoney(
  records: Records,
  budget: Budget,
  whose: { provider: ProviderId; userId: string },
): Promise<Money> {
  const [today, month] = await Promise.all([readToday(records, whose), readMonth(records, whose)]);
  const leftOf = (kind: keyof Spent) => {
    const left = (["user", "service"] as const).flatMap((scope) => {
      const limit = budget[scope][kind];
      return limit === null ? [] : [Math.max(0, limit - today[scope][kind])];
    });
    return left.length > 0 ? Math.min(...left) : null;
  };
  return {
    today: today.user,
    month,
    left: { generations: leftOf("generations"), roubles: leftOf("roubles") },
    resetsAt: today.resetsAt.toISOString(),
  };
}
