import { PROVIDER_IDS } from "../../contract/provider.ts";
import { ERROR_TABLE } from "../../error-table.ts";

/** One label set for each provider, so that a series is there before its first event. */
export const EACH_PROVIDER = PROVIDER_IDS.map((provider) => ({ provider }));

/** The same for those that cost money; they are remote. */
export const EACH_PAID = [{ provider: "genapi" }];

/** A code of the error table; anything else, such as a code of an older version, is "other". */
export const codeLabel = (code: string | null): string =>
  code === null ? "" : code in ERROR_TABLE ? code : "other";
