import type { GivenSettings } from "./config-files.ts";

/** What a platform says of itself in the environment, where no setting says otherwise. */
export function withPlatform(given: GivenSettings): { values: GivenSettings["values"]; notes: string[] } {
  const { values } = given;
  const { RAILWAY_PUBLIC_DOMAIN: domain, PUBLIC_URL, NODE_ENV } = values;
  if (!domain || PUBLIC_URL || NODE_ENV !== "production") return { values, notes: [] };
  const publicUrl = `https://${domain.trim()}`;
  return {
    values: { ...values, PUBLIC_URL: publicUrl },
    notes: [
      `People reach this server at ${publicUrl}, by RAILWAY_PUBLIC_DOMAIN. Set PUBLIC_URL for another address.`,
    ],
  };
}
