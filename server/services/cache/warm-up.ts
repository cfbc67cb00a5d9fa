import type { Remembered } from "../../cache/remembered.ts";
import type { CacheWarmedUp } from "../../contract/cache.ts";
import type { Logger } from "../../logger.ts";
import type { Records } from "../../models/records.ts";
import { refreshTeamTags } from "../list-models.ts";
import { refreshModelCounts } from "../models.ts";
import { refreshPeriods } from "../system/statistics.ts";

interface Deps {
  records: Records;
  remembered: Remembered;
  logger: Pick<Logger, "warn">;
}

/** What is the same for everybody, and dear where there is much. */
const VALUES = {
  "analytics:models": refreshModelCounts,
  "analytics:periods": refreshPeriods,
  "user-data:tags:team": refreshTeamTags,
} as const;

/** Makes what everybody asks for anew, one after the other, so that nobody else has to wait for it. */
export async function warmUp({ records, remembered, logger }: Deps): Promise<CacheWarmedUp> {
  const startedAt = performance.now();
  const values: CacheWarmedUp["values"] = [];
  for (const [key, refresh] of Object.entries(VALUES)) {
    const beganAt = performance.now();
    const ok = await refresh(records, remembered).then(
      () => true,
      (error) => {
        logger.warn("A value of the cache could not be made", { key, error });
        return false;
      },
    );
    values.push({ key, tookMs: performance.now() - beganAt, ok });
  }
  return { tookMs: performance.now() - startedAt, values };
}
