import { QueryTypes } from "sequelize";
import type { ProviderId } from "../contract/provider.ts";
import type { ErrorCode } from "../errors.ts";
import type { Records } from "./records.ts";

/** Why the work of a provider stands still, and until when at least. */
export interface ProviderWait {
  code: ErrorCode;
  until: Date;
  /** The same by the database's clock. */
  seconds: number;
  /** A pause holds back what is not sent yet; where nobody is asked, work in hand stands still too. */
  holds: "queued" | "all";
  /** It is about the service's own account, and no matter to those who pay with a key of their own. */
  isOfService: boolean;
}

/** Shorter waits are nobody's business. */
const NOTABLE_SECONDS = 3;

/**
 * The waits of this moment, by provider: paused for money or the key, else away, else asking everybody to wait.
 * While it is away `until` is the time of the next question, which may have passed.
 */
export async function currentWaits({
  sequelize,
}: Pick<Records, "sequelize">): Promise<Map<ProviderId, ProviderWait>> {
  const rows = await sequelize.query<ProviderWait & { provider: ProviderId }>(
    `SELECT DISTINCT ON (provider) provider, code, until, holds, rank = 1 AS "isOfService",
            greatest(0, extract(epoch FROM until - now()))::float8 AS seconds
       FROM (
         SELECT 1 AS rank, provider, code, until, 'queued' AS holds FROM provider_pauses WHERE until > now()
         UNION ALL
         SELECT 2, provider, 'provider-away', greatest(open_until, probe_until), 'all'
           FROM provider_limits WHERE open_until IS NOT NULL
         UNION ALL
         SELECT 3, provider, 'provider-away', creates_after, 'queued' FROM provider_limits WHERE creates_after > now()
         UNION ALL
         SELECT 4, provider, 'provider-busy', wait_until, 'queued' FROM provider_limits
          WHERE wait_until > now() + interval '${NOTABLE_SECONDS} seconds') waits
      ORDER BY provider, rank`,
    { type: QueryTypes.SELECT },
  );
  return new Map(rows.map(({ provider, ...wait }) => [provider, wait]));
}
