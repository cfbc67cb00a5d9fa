import type { ProviderId } from "../contract/provider.ts";
import type { Records } from "../models/records.ts";
import { submitJobOf } from "../queue/catalogue.ts";
import type { Queue } from "../queue/queue.ts";

/** How many of those that wait are called at once; the sweep calls the others. */
const FIRST_CALLED = 100;

/** Ends the pause of a provider, so that what waits is sent again; false where there was none. */
export async function resumeProvider(
  { records, queue }: { records: Records; queue: Queue },
  provider: ProviderId,
): Promise<boolean> {
  if ((await records.ProviderPause.destroy({ where: { provider } })) === 0) return false;
  const waiting = await records.Generation.findAll({
    where: { provider, status: "queued" },
    attributes: ["id", "requestId"],
    order: [["createdAt", "ASC"]],
    limit: FIRST_CALLED,
  });
  for (const { id, requestId } of waiting) {
    await queue.enqueue(submitJobOf(provider), { generationId: id, requestId });
  }
  return true;
}
