import { z } from "zod";
import { LocalizedText } from "./common.ts";

export const PROVIDER_IDS = ["local", "genapi"] as const;
export const ProviderId = z.enum(PROVIDER_IDS);
export type ProviderId = z.infer<typeof ProviderId>;

export const PRESETS = ["draft", "standard", "high"] as const;
export type Preset = (typeof PRESETS)[number];

export const ParamValue = z.union([
  z.number(),
  z.string().max(200),
  z.boolean(),
  z.null(),
  z.record(z.string(), z.number()),
]);
export type ParamValue = z.infer<typeof ParamValue>;
export const ParamValues = z.record(z.string().max(64), ParamValue);
export type ParamValues = z.infer<typeof ParamValues>;

/** One parameter of a network: what the form shows and what the server accepts. */
export const ParamSpec = z
  .object({
    name: z.string(),
    type: z.enum(["number", "integer", "choice", "box"]),
    default: ParamValue,
    min: z.number().optional(),
    max: z.number().optional(),
    step: z.number().optional(),
    choices: z.array(z.union([z.number(), z.string()])).optional(),
    label: LocalizedText,
    help: LocalizedText,
  })
  .meta({ id: "ParamSpec" });
export type ParamSpec = z.infer<typeof ParamSpec>;

/** A network of a provider, as clients see it. Prices are in roubles, times in seconds. */
export const NetworkView = z
  .object({
    id: z.string(),
    label: LocalizedText,
    params: z.array(ParamSpec),
    presets: z.record(z.enum(PRESETS), ParamValues),
    priceRoubles: z.number().nullable(),
    typicalSeconds: z.record(z.enum(PRESETS), z.number()),
  })
  .meta({ id: "Network" });
export type NetworkView = z.infer<typeof NetworkView>;

export const ProviderView = z
  .object({
    id: ProviderId,
    label: LocalizedText,
    available: z.boolean(),
    isDefault: z.boolean(),
    sendsPhotoTo: z
      .string()
      .nullable()
      .describe("The host that the photo is sent to; null when it stays here."),
    balanceRoubles: z.number().nullable(),
    networks: z.array(NetworkView),
  })
  .meta({ id: "Provider" });
export type ProviderView = z.infer<typeof ProviderView>;

export const ProviderList = z.object({ items: z.array(ProviderView) }).meta({ id: "ProviderList" });
