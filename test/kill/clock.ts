import type { Observer } from "./observer.ts";
import type { PendingCalls } from "./pending-calls.ts";
import { FORGED_ID } from "./script.ts";

/** A call that was taken has so long to be acted upon. */
const CALL_SECONDS = 5;

/**
 * Work whose answer was lost waits minutes for a call of the provider. Where none can come any more, those minutes
 * pass at once.
 */
export async function passTime({ pool }: Observer, pending: PendingCalls): Promise<void> {
  await pool.query(
    `WITH late AS (
       UPDATE generation_attempts a SET closed_at = closed_at - interval '1 hour'
         FROM generation_tasks g
        WHERE g.id = a.generation_id AND a.number = g.attempts AND a.state = 'unknown'
          AND g.status = 'submitting' AND coalesce(a.claimed_remote_id, $2) = $2
          AND a.nonce <> ALL ($3)
          AND a.closed_at BETWEEN now() - interval '1 hour' AND now() - make_interval(secs => $1)
        RETURNING g.id)
     UPDATE generation_tasks SET wake_at = now() WHERE id IN (SELECT id FROM late)`,
    [CALL_SECONDS, String(FORGED_ID), pending.nonces()],
  );
}
