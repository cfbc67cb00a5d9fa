import type { ProviderId } from "../contract/provider.ts";
import type { Records } from "../models/records.ts";
import { jobAbout, submitJobOf } from "../queue/catalogue.ts";
import type { Queue } from "../queue/queue.ts";
import { type Actor, audit } from "./audit.ts";

/** How many of those that wait are called at once; the sweep calls the others. */
const FIRST_CALLED = 100;

/** Ends the pause of a provider, so that what waits is sent again; false where there was none. */
export async function resumeProvider(
  { records, queue }: { records: Records; queue: Queue },
  provider: ProviderId,
  by: Actor,
): Promise<boolean> {
  const ended = await records.sequelize.transaction(async (transaction) => {
    const count = await records.ProviderPause.destroy({ where: { provider }, transaction });
    if (count > 0)
      await audit(records, { action: "provider.resumed", details: { provider }, by }, transaction);
    return count > 0;
  });
  if (!ended) return false;
  const waiting = await records.Generation.findAll({
    where: { provider, status: "queued" },
    attributes: ["id", "requestId", "userId", "traceparent"],
    order: [["createdAt", "ASC"]],
    limit: FIRST_CALLED,
  });
  for (const row of waiting) await queue.enqueue(submitJobOf(provider), jobAbout(row));
  return true;
}
