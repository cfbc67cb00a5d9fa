import { z } from "zod";
import { Time } from "./common.ts";
import { ProviderId } from "./provider.ts";

/** Providers that take keys of users. */
export const KeyedProviderId = ProviderId.extract(["genapi"]);

/** A user's own key of a provider; of the key itself only its end is ever shown. */
export const ProviderKey = z
  .object({
    provider: KeyedProviderId,
    lastFour: z.string().describe("The last four characters of the key"),
    checkedAt: Time.nullable().describe("When the provider last said that it knows the key"),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: "ProviderKey" });
export type ProviderKey = z.infer<typeof ProviderKey>;

export const ProviderKeyList = z.object({ items: z.array(ProviderKey) }).meta({ id: "ProviderKeyList" });

export const SaveProviderKey = z
  .strictObject({
    key: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{8,500}$/, "A key has 8 to 500 visible ASCII characters."),
  })
  .meta({ id: "SaveProviderKey" });
