import type {
  KeySource,
  Money,
  NetworkView,
  Preset,
  ProviderId,
  ProviderView,
} from "../contract/provider.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Records } from "../models/records.ts";
import { findNetwork } from "../providers/networks.ts";
import { resolveParams } from "../providers/params.ts";
import type { Network, Provider } from "../providers/provider.ts";
import { type Budget, readMonth, readToday, type Spent, scopesOf } from "./budget.ts";
import { presetPrices } from "./prices.ts";
import type { OwnKeys } from "./provider-keys/own-keys.ts";

/** The providers of this process and the catalogue of their networks. */
export interface ProviderDirectory {
  providers: ReadonlyMap<ProviderId, Provider>;
  networks: readonly Network[];
  /** The host that photos are sent to. */
  genapiHost: string;
  /** Keys that users brought, and whose key pays for what. */
  ownKeys: OwnKeys;
}

/** The providers that one user may use, with the key that pays for it. */
export type Sources = ReadonlyMap<ProviderId, KeySource>;

export const defaultProviderId = (sources: Sources): ProviderId =>
  sources.has("genapi") ? "genapi" : "local";

interface Choice {
  provider?: ProviderId;
  network?: string;
  preset?: Preset;
  params?: Parameters<typeof resolveParams>[2];
}

/**
 * The network, the key that pays and the full parameters for what a user chose.
 * Throws `provider-unavailable`, `unknown-network` or `invalid-params`.
 */
export async function chooseNetwork(directory: ProviderDirectory, userId: string, choice: Choice) {
  const sources = await directory.ownKeys.sourcesFor(userId);
  const providerId = choice.provider ?? defaultProviderId(sources);
  const keySource = sources.get(providerId);
  if (!keySource) throw new AppError("provider-unavailable");
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
  return { network, keySource, preset, params: resolveParams(network, preset, choice.params ?? {}) };
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
  const sources = await directory.ownKeys.sourcesFor(userId);
  const balanceOf = async (id: ProviderId) => {
    const signal = AbortSignal.timeout(5000);
    const isOwn = sources.get(id) === "own";
    if (isOwn) return directory.ownKeys.balance(userId, id, signal);
    return sources.has(id) ? (directory.providers.get(id)?.balance(signal) ?? null) : null;
  };
  return Promise.all(
    ids.map(async (id) => {
      const provider = directory.providers.get(id);
      const keySource = sources.get(id);
      const isPaid = provider?.isFree === false;
      const balance = await balanceOf(id).catch((error) => {
        logger.warn("The balance could not be read", { provider: id, error });
        return null;
      });
      return {
        id,
        label: LABELS[id],
        available: keySource !== undefined,
        keySource: (isPaid && keySource) || null,
        isDefault: defaultProviderId(sources) === id,
        sendsPhotoTo: id === "genapi" && keySource ? directory.genapiHost : null,
        balanceRoubles: balance,
        money:
          isPaid && keySource ? await readMoney(records, budget, { provider: id, userId }, keySource) : null,
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
  keySource: KeySource,
): Promise<Money> {
  const [today, month] = await Promise.all([readToday(records, whose), readMonth(records, whose)]);
  const leftOf = (kind: keyof Spent) => {
    const left = scopesOf(keySource).flatMap((scope) => {
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
