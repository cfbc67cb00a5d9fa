import type {
  NetworkView,
  ParamSpec,
  ParamValue,
  ParamValues,
  Preset,
  ProviderId,
  ProviderView,
} from "../../../../server/contract/provider.ts";
import { createStore } from "../../hooks/store.ts";

export const PRESETS: readonly Preset[] = ["draft", "standard", "high"];

/** What is the same for all photos of one go. Provider and network are null until someone chooses. */
export interface ModelOptions {
  providerId: ProviderId | null;
  networkId: string | null;
  preset: Preset;
  /** Only what differs from the preset. */
  params: ParamValues;
}

export const modelOptions = createStore<ModelOptions>({
  providerId: null,
  networkId: null,
  preset: "standard",
  params: {},
});

export interface Engine {
  provider: ProviderView;
  network: NetworkView;
}

/** The provider and network that will be used: the chosen ones where they are there, else the server's defaults. */
export function chooseEngine(providers: readonly ProviderView[], options: ModelOptions): Engine | null {
  const usable = providers.filter((provider) => provider.available && provider.networks.length > 0);
  const provider =
    usable.find(({ id }) => id === options.providerId) ??
    usable.find(({ isDefault }) => isDefault) ??
    usable[0];
  if (!provider) return null;
  const network = provider.networks.find(({ id }) => id === options.networkId) ?? provider.networks[0];
  return { provider, network };
}

/** The parameters that stand in the form: a box is drawn on the photo instead. */
export function formParams(network: NetworkView): readonly ParamSpec[] {
  return network.params.filter((spec) => spec.type !== "box");
}

/** The name of the parameter that takes a box around the object, where the network has one. */
export function boxParam(network: NetworkView): string | null {
  return network.params.find((spec) => spec.type === "box")?.name ?? null;
}

/** A parameter's value before anyone changes it. */
export function presetValue(network: NetworkView, preset: Preset, spec: ParamSpec): ParamValue {
  return network.presets[preset]?.[spec.name] ?? spec.default;
}

/** Whether a value lies within what the network accepts. */
export function isParamValid(spec: ParamSpec, value: ParamValue): boolean {
  if (value === null) return spec.default === null;
  if (spec.type === "choice") return spec.choices?.some((choice) => choice === value) ?? false;
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (spec.type === "integer" && !Number.isInteger(value)) return false;
  return value >= (spec.min ?? -Infinity) && value <= (spec.max ?? Infinity);
}
