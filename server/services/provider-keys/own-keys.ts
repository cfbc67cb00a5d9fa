import type { KeySource, ProviderId } from "../../contract/provider.ts";
import type { ErrorCode } from "../../errors.ts";
import { AppError } from "../../errors.ts";
import type { ProviderKey } from "../../models/keys.ts";
import type { Records } from "../../models/records.ts";
import type { Provider } from "../../providers/provider.ts";
import { hideForNow } from "../../redact.ts";
import type { Vault } from "../vault/vault.ts";
import { createOwnBalances } from "./own-balances.ts";

/** Work, and the key that pays for it. */
interface PaidWork {
  userId: string;
  provider: ProviderId;
  keySource: KeySource;
}

/** Users' own keys of the providers. */
export interface OwnKeys {
  /** The provider by the key that pays for a piece of work; where there is none, why. The key is read anew each time. */
  providerFor(work: PaidWork): Promise<Provider | ErrorCode>;
  /** Which key pays for new work of a user: the own one before the service's. A provider that is missing has none. */
  sourcesFor(userId: string): Promise<ReadonlyMap<ProviderId, KeySource>>;
  /** What a user's own account has, roubles, at most a minute old; null without a key. Throws as `Provider.balance`. */
  balance(userId: string, provider: ProviderId, signal: AbortSignal): Promise<number | null>;
}

interface Deps {
  records: Records;
  vault: Vault;
  providers: ReadonlyMap<ProviderId, Provider>;
}

/** What a key is sealed for: it opens in its own row, for its own user and in this version only. */
export const contextOf = ({ userId, id, version }: Pick<ProviderKey, "userId" | "id" | "version">): string =>
  `provider-key/${userId}/${id}/${version}`;

export function createOwnKeys({ records, vault, providers }: Deps): OwnKeys {
  const balances = createOwnBalances();

  const read = (userId: string, provider: ProviderId) =>
    records.ProviderKey.unscoped().findOne({ where: { userId, provider } });

  function withKey(id: ProviderId, row: ProviderKey): Provider | null {
    const key = vault.open(row, contextOf(row));
    hideForNow(key);
    return providers.get(id)?.withKey?.(key) ?? null;
  }

  async function own({ userId, provider: id }: PaidWork): Promise<Provider | ErrorCode> {
    const row = await read(userId, id);
    if (!row) return "provider-key-missing";
    try {
      return withKey(id, row) ?? "provider-unavailable";
    } catch (error) {
      if (error instanceof AppError) return error.code;
      throw error;
    }
  }

  return {
    async providerFor(work) {
      if (work.keySource === "own") return own(work);
      const provider = providers.get(work.provider);
      return provider?.isOpen ? provider : "provider-unavailable";
    },
    async sourcesFor(userId) {
      const rows = await records.ProviderKey.findAll({ where: { userId } });
      const owned = new Set(rows.map(({ provider }) => provider));
      const sources = new Map<ProviderId, KeySource>();
      for (const { id, isOpen, withKey } of providers.values()) {
        if (withKey && owned.has(id)) sources.set(id, "own");
        else if (isOpen) sources.set(id, "service");
      }
      return sources;
    },
    async balance(userId, id, signal) {
      const row = await read(userId, id);
      if (!row) return null;
      return balances.read(`${row.id} ${row.version}`, async () => {
        const provider = withKey(id, row);
        return provider ? provider.balance(signal, 0) : null;
      });
    },
  };
}
