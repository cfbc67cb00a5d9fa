import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Records } from "./models/records.ts";
import { createGenapiProvider } from "./providers/genapi/provider.ts";
import { createLocalProvider } from "./providers/local/local-provider.ts";
import { networksWith } from "./providers/networks.ts";
import type { Provider } from "./providers/provider.ts";
import { governProvider } from "./services/govern-provider.ts";
import { createOwnKeys } from "./services/provider-keys/own-keys.ts";
import type { ProviderDirectory } from "./services/providers.ts";
import type { Vault } from "./services/vault/vault.ts";

/** The configured hosts, and this machine where GenAPI itself is a stand-in on it. */
export const resultHosts = ({ genapi }: Config) => [
  ...genapi.resultHosts,
  ...(genapi.allowInsecureLoopback ? ["127.0.0.1", "localhost"] : []),
];

/** Every provider as the settings say; they are taken down with `building`. */
export function createProviders(
  config: Config,
  deps: Parameters<typeof governProvider>[1] & {
    records: Records;
    logger: Logger;
    metrics: Metrics;
    vault: Vault;
  },
  building: AsyncDisposableStack,
): ProviderDirectory {
  const { genapi, local } = config;
  const remote = createGenapiProvider({
    ...genapi,
    resultHosts: resultHosts(config),
    logger: deps.logger,
    observe: (exchange) => deps.metrics.providerRequests.observe({ provider: "genapi", ...exchange }),
  });
  const all: Provider[] = [createLocalProvider(local), governProvider(remote, deps)];
  for (const provider of all) building.adopt(provider, (part) => part.dispose());
  const providers = new Map(all.map((provider) => [provider.id, provider]));
  return {
    providers,
    networks: networksWith(genapi.networks, genapi.prices),
    genapiHost: new URL(genapi.baseUrl).host,
    ownKeys: createOwnKeys({ ...deps, providers }),
  };
}
