import type { Preset } from "../contract/provider.ts";
import type { Network } from "../providers/provider.ts";

const SPARE_SECONDS = 120;

/** How long a call of the provider is waited for after the answer to a submit was lost: twice the usual time. */
export const callWaitSeconds = ({ preset }: { preset: string | null }, network: Network): number =>
  2 * network.typicalSeconds[(preset ?? "standard") as Preset] + SPARE_SECONDS;
