import { z } from "zod";
import { LocalizedText, Time } from "./common.ts";

export const PROVIDER_IDS = ["local", "genapi"] as const;
export const ProviderId = z.enum(PROVIDER_IDS);
export type ProviderId = z.infer<typeof ProviderId>;

export const PRESETS = ["draft", "standard", "high"] as const;
export type Preset = (typeof PRESETS)[number];

/** Whose key pays at a provider: the user's own, or the service's. */
export const KEY_SOURCES = ["own", "service"] as const;
export type KeySource = (typeof KEY_SOURCES)[number];

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

/** What one model is expected to cost, roubles, and how that is known. */
export const Price = z
  .object({
    roubles: z.number().nonnegative(),
    source: z
      .enum(["recent", "setting", "guess", "free"])
      .describe(
        "`recent`: the median of the last costs that the provider named; `setting`: GENAPI_PRICES; `guess`: nothing better is known",
      ),
  })
  .meta({ id: "Price" });
export type Price = z.infer<typeof Price>;

/** A network of a provider, as clients see it. Prices are in roubles, times in seconds. */
export const NetworkView = z
  .object({
    id: z.string(),
    label: LocalizedText,
    params: z.array(ParamSpec),
    presets: z.record(z.enum(PRESETS), ParamValues),
    prices: z.record(z.enum(PRESETS), Price.nullable()).describe("By preset; null where nothing is known"),
    typicalSeconds: z.record(z.enum(PRESETS), z.number()),
  })
  .meta({ id: "Network" });
export type NetworkView = z.infer<typeof NetworkView>;

export const Spending = z
  .object({
    generations: z.number().int().nonnegative(),
    roubles: z.number().nonnegative().describe("With what is set aside for models under way"),
  })
  .meta({ id: "Spending" });

/** What the caller spent at a paid provider, and what is left of the daily limits. */
export const Money = z
  .object({
    today: Spending,
    month: Spending,
    left: z
      .object({ generations: z.number().int().nullable(), roubles: z.number().nullable() })
      .describe("Of the tighter one of the caller's and the whole service's limits; null without a limit"),
    resetsAt: Time.describe("When the day ends: midnight UTC"),
  })
  .meta({ id: "Money" });
export type Money = z.infer<typeof Money>;

/** Why a generation, or all work of a provider, stands still for now, and when it goes on by itself at the latest. */
export const Pause = z
  .object({ code: z.string(), message: z.string(), suggestion: z.string().nullable(), until: Time })
  .meta({ id: "Pause" });

export const ProviderView = z
  .object({
    id: ProviderId,
    label: LocalizedText,
    available: z.boolean().describe("To the caller"),
    keySource: z
      .enum(KEY_SOURCES)
      .nullable()
      .describe(
        "Whose key pays for the caller's work: the own one where there is one; null where nothing is paid",
      ),
    isDefault: z.boolean(),
    sendsPhotoTo: z
      .string()
      .nullable()
      .describe("The host that the photo is sent to; null when it stays here."),
    balanceRoubles: z
      .number()
      .nullable()
      .describe("Of the account behind that key, at most a minute old; null where it could not be read"),
    pause: Pause.nullable(),
    money: Money.nullable().describe("Null for a provider that costs nothing"),
    networks: z.array(NetworkView),
  })
  .meta({ id: "Provider" });
export type ProviderView = z.infer<typeof ProviderView>;

export const ResumeAnswer = z
  .object({ resumed: z.boolean().describe("False where the provider was not paused") })
  .meta({ id: "ResumeAnswer" });

export const ProviderList = z.object({ items: z.array(ProviderView) }).meta({ id: "ProviderList" });
